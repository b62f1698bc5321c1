package io.mybella.memory.understanding.model;

import io.mybella.memory.understanding.Excerpt;
import io.mybella.memory.understanding.Understood;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model says of a conversation, read as the words of a stranger. An answer in which
 * something is missing or is of another type is of no use at all; of what is there, each text is
 * one storable line of bounded length and each list a bounded number of different ones. What was
 * not asked for is passed over.
 *
 * @param understood what the conversation was about
 * @param facts what the user told of themselves, at most {@value #FACTS}
 */
record ModelAnswer(Understood understood, List<Fact> facts) {

  static final int FACTS = 10;

  /** Characters of a category and of a key. */
  static final int NAME = 60;

  /** Longer lists are not looked at: nobody who answers what was asked comes near it. */
  private static final int LONGEST_LIST = 100;

  /** Spaces, line ends, control characters and halves of characters. */
  private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cs}]+");

  /**
   * Something the user told of themselves.
   *
   * @param category such as {@code food}, at most {@value #NAME} characters
   * @param key such as {@code favourite dish}, likewise
   * @param value what it is, at most {@value Understood#FACT} characters
   */
  record Fact(String category, String key, String value) {}

  /**
   * Reads an answer.
   *
   * @throws UnusableAnswerException when it is not what was asked for
   */
  static ModelAnswer read(JsonMapper json, String answer) {
    JsonNode root = object(json, answer);
    JsonNode mood = root.path("user_mood");
    return new ModelAnswer(
        new Understood(
            required(root, "title"),
            required(root, "summary"),
            lines(root, "key_topics"),
            mood.isNull() || mood.isMissingNode() ? null : line(mood),
            lines(root, "important_facts")),
        facts(root));
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

  private static List<Fact> facts(JsonNode root) {
    return items(root, "facts")
        .map(ModelAnswer::fact)
        .filter(each -> !each.category().isEmpty() && !each.key().isEmpty())
        .filter(each -> !each.value().isEmpty())
        .distinct()
        .limit(FACTS)
        .toList();
  }

  private static Fact fact(JsonNode fact) {
    return new Fact(
        Excerpt.of(line(fact.path("category")), NAME),
        Excerpt.of(line(fact.path("key")), NAME),
        Excerpt.of(line(fact.path("value")), Understood.FACT));
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
