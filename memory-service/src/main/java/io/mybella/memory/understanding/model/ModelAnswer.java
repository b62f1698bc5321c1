package io.mybella.memory.understanding.model;

import io.mybella.memory.understanding.Told;
import io.mybella.memory.understanding.Understood;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what a model says of a conversation as the words of a stranger. An answer in which
 * something is missing or is of another type is of no use at all; of what is there, each text is
 * one storable line of bounded length and each list a bounded number of different ones. What was
 * not asked for is passed over.
 */
final class ModelAnswer {

  /** Longer lists are not looked at: nobody who answers what was asked comes near it. */
  private static final int LONGEST_LIST = 100;

  /** Spaces, line ends, control characters and halves of characters. */
  private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cs}]+");

  private ModelAnswer() {}

  /**
   * Reads an answer.
   *
   * @param byUser whether the user has said the utterance of that number, of those that were shown
   * @throws UnusableAnswerException when it is not what was asked for
   */
  static Understood read(JsonMapper json, String answer, IntPredicate byUser) {
    JsonNode root = object(json, answer);
    JsonNode mood = root.path("user_mood");
    return new Understood(
        required(root, "title"),
        required(root, "summary"),
        lines(root, "key_topics"),
        mood.isNull() || mood.isMissingNode() ? null : line(mood),
        lines(root, "important_facts"),
        told(root, byUser));
  }

  /** The object in an answer, which may stand in a frame of words or of a code block. */
  private static JsonNode object(JsonMapper json, String answer) {
    int begin = answer.indexOf('{');
    int end = answer.lastIndexOf('}');
    if (begin < 0 || end < begin) {
      throw new UnusableAnswerException("There is no object in the answer");
    }
    try {
      return json.reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(answer.substring(begin, end + 1));
    } catch (JacksonException garbled) {
      // Its message quotes the answer, and with it the conversation: it is not handed on.
      throw new UnusableAnswerException("The object in the answer is no JSON");
    }
  }

  private static String required(JsonNode root, String field) {
    String text = line(root.path(field));
    if (text.isEmpty()) {
      throw new UnusableAnswerException("The field " + field + " is empty");
    }
    return text;
  }

  private static List<String> lines(JsonNode root, String field) {
    return items(root, field)
        .map(ModelAnswer::line)
        .filter(each -> !each.isEmpty())
        .distinct()
        .toList();
  }

  /** Nothing is the user's that the persona said, or that nobody can look up. */
  private static List<Told> told(JsonNode root, IntPredicate byUser) {
    return items(root, "facts")
        .map(ModelAnswer::told)
        .filter(each -> !each.category().isEmpty() && !each.key().isEmpty())
        .filter(each -> !each.value().isEmpty() && byUser.test(each.utterance()))
        .distinct()
        .toList();
  }

  private static Told told(JsonNode fact) {
    JsonNode number = fact.path("number");
    return new Told(
        line(fact.path("category")),
        line(fact.path("key")),
        line(fact.path("value")),
        number.isIntegralNumber() && number.canConvertToInt() ? number.intValue() : -1);
  }

  /** The items of a list; one that is missing is empty. */
  private static Stream<JsonNode> items(JsonNode root, String field) {
    JsonNode list = root.path(field);
    if (list.isMissingNode() || list.isNull()) {
      return Stream.empty();
    }
    if (!list.isArray() || list.size() > LONGEST_LIST) {
      throw new UnusableAnswerException("The field " + field + " is no list of a few");
    }
    return list.valueStream();
  }

  /** A text on one line, with nothing that cannot be stored or seen. */
  private static String line(JsonNode text) {
    if (!text.isString()) {
      throw new UnusableAnswerException("Something is missing in the answer, or is no text");
    }
    return UNSEEN.matcher(text.stringValue()).replaceAll(" ").strip();
  }
}
