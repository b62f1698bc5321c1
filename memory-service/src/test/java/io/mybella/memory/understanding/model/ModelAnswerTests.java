package io.mybella.memory.understanding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.memory.understanding.Told;
import io.mybella.memory.understanding.Understood;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ModelAnswerTests {

  private static final String WHOLE =
      """
      {"title": "Stars", "summary": "They looked at stars.", "key_topics": ["stars", "night"],
       "user_mood": "calm", "important_facts": ["Owns a telescope."],
       "facts": [{"number": 3, "category": "hobby", "key": "instrument", "value": "piano"}]}
      """;

  private final JsonMapper json = JsonMapper.builder().build();

  @Test
  void whatWasAskedForIsRead() {
    Understood answer = read(WHOLE);

    assertThat(answer.title()).isEqualTo("Stars");
    assertThat(answer.summary()).isEqualTo("They looked at stars.");
    assertThat(answer.keyTopics()).containsExactly("stars", "night");
    assertThat(answer.userMood()).isEqualTo("calm");
    assertThat(answer.importantFacts()).containsExactly("Owns a telescope.");
    assertThat(answer.told()).containsExactly(new Told("hobby", "instrument", "piano", 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"```json\n%s\n```", "Here it is:\n%s\nCan I do more?"})
  void aFrameAroundItIsPassedOver(String frame) {
    assertThat(read(frame.formatted(WHOLE)).title()).isEqualTo("Stars");
  }

  @Test
  void whatNeedNotBeThereMayBeMissingOrNull() {
    Understood answer =
        read("{\"title\": \"a\", \"summary\": \"b\", \"user_mood\": null, \"key_topics\": null}");

    assertThat(answer.keyTopics()).isEmpty();
    assertThat(answer.userMood()).isNull();
    assertThat(answer.told()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "I would rather not.",
        "}{",
        "[]",
        "{\"title\": \"a\", \"summary\": \"b\"} {}",
        "{\"title\": \"a\", \"summary\": ",
        "{\"title\": \"a\"}",
        "{\"title\": \" \\u0000\", \"summary\": \"b\"}",
        "{\"title\": [\"a\"], \"summary\": \"b\"}",
        "{\"title\": \"a\", \"summary\": {\"text\": \"b\"}}",
        "{\"title\": \"a\", \"summary\": \"b\", \"key_topics\": \"stars\"}",
        "{\"title\": \"a\", \"summary\": \"b\", \"key_topics\": [1]}",
        "{\"title\": \"a\", \"summary\": \"b\", \"user_mood\": 7}",
        "{\"title\": \"a\", \"summary\": \"b\", \"facts\": [\"likes stars\"]}",
        "{\"title\": \"a\", \"summary\": \"b\", \"facts\": [{\"category\": \"a\", \"key\": \"b\"}]}"
      })
  void anythingElseIsOfNoUse(String answer) {
    assertThatThrownBy(() -> read(answer)).isInstanceOf(UnusableAnswerException.class);
  }

  @Test
  void anEndlessListIsNotLookedAt() {
    String topics = "\"x\",".repeat(5_000) + "\"x\"";

    assertThatThrownBy(
            () -> read("{\"title\":\"a\",\"summary\":\"b\",\"key_topics\":[" + topics + "]}"))
        .isInstanceOf(UnusableAnswerException.class);
  }

  @Test
  void anObjectWithinAThousandOthersIsOfNoUse() {
    assertThatThrownBy(() -> read("{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000)))
        .isInstanceOf(UnusableAnswerException.class);
  }

  @Test
  void whatIsTooMuchIsCutOff() {
    String words = "many words ".repeat(200);
    String facts =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    "{\"number\": 1, \"category\": \"%1$s\", \"key\": \"%2$d\", \"value\": \"%1$s\"}"
                        .formatted(words, i))
            .collect(Collectors.joining(","));

    Understood answer =
        read(
            """
            {"title": "%1$s", "summary": "%1$s", "user_mood": "%1$s", "key_topics":
              ["%1$s", "2", "3", "4", "5", "6", "7"], "important_facts": ["%1$s"], "facts": [%2$s]}
            """
                .formatted(words, facts));

    assertThat(answer.title()).hasSizeBetween(60, Understood.TITLE);
    assertThat(answer.summary()).hasSizeBetween(450, Understood.SUMMARY);
    assertThat(answer.userMood()).hasSizeLessThanOrEqualTo(Understood.TOPIC);
    assertThat(answer.keyTopics()).hasSize(Understood.LISTED);
    assertThat(answer.told()).hasSize(Understood.TOLD);
    assertThat(answer.told().getFirst().category()).hasSizeLessThanOrEqualTo(Told.NAME);
    assertThat(answer.told().getFirst().value()).hasSizeLessThanOrEqualTo(Understood.FACT);
  }

  @Test
  void whatCannotBeStoredOrSeenIsGone() {
    Understood answer =
        read(
            """
            {"title": "a\\u0000b\\u001b[31m\\nc\\ud800", "summary": " Grüße 🙂\\u2028 ",
             "key_topics": ["", "\\u0007", "stars", "stars "],
             "facts": [{"number": 1, "category": "a", "key": "b", "value": "\\u0000"}]}
            """);

    assertThat(answer.title()).isEqualTo("a b [31m c");
    assertThat(answer.summary()).isEqualTo("Grüße 🙂");
    assertThat(answer.keyTopics()).containsExactly("stars");
    assertThat(answer.told()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "null", "\"3\"", "1.0", "30000000000"})
  void whatTheUserHasNotSaidIsNoFactOfTheirs(String number) {
    Understood answer =
        read(
            """
            {"title": "a", "summary": "b", "facts": [
              {"number": %s, "category": "a", "key": "b", "value": "c"}]}
            """
                .formatted(number));

    assertThat(answer.told()).isEmpty();
  }

  /** The user has said the first and the third utterance. */
  private Understood read(String answer) {
    return ModelAnswer.read(json, answer, number -> number == 1 || number == 3);
  }
}
