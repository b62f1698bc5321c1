package io.mybella.memory;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Conversations with questions about them, as LoCoMo has them (Maharana and others, 2024): {@code
 * conversation} with {@code speaker_a}, {@code speaker_b}, {@code session_N} and {@code
 * session_N_date_time}; {@code qa} with {@code question}, {@code evidence} and {@code category}.
 */
record Conversations(List<Conversation> all) {

  /** What two have said, and what is asked about it. */
  record Conversation(String user, String persona, List<Turn> turns, List<Question> questions) {}

  /**
   * Something that was said.
   *
   * @param id of the file
   */
  record Turn(String id, String speaker, Instant at, String text) {}

  /**
   * A question.
   *
   * @param evidence ids of the turns that answer it; empty when it was never spoken of
   */
  record Question(String text, String category, Set<String> evidence) {}

  /** A time as the files write it: {@code 1:56 pm on 8 May, 2023}. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("h:mm a 'on' d MMMM, uuuu")
          .toFormatter(Locale.ENGLISH);

  static Conversations read(Path file) {
    return new Conversations(
        JsonMapper.shared()
            .readTree(file)
            .valueStream()
            .map(each -> conversation(each.path("conversation"), each.path("qa")))
            .toList());
  }

  private static Conversation conversation(JsonNode said, JsonNode asked) {
    List<Turn> turns = new ArrayList<>();
    for (int session = 1; said.has("session_" + session + "_date_time"); session++) {
      Instant begin =
          LocalDateTime.parse(said.path("session_" + session + "_date_time").asString(), TIME)
              .toInstant(ZoneOffset.UTC);
      int second = 0;
      for (JsonNode turn : said.path("session_" + session)) {
        turns.add(
            new Turn(
                turn.path("dia_id").asString(),
                turn.path("speaker").asString(),
                begin.plusSeconds(second++),
                turn.path("text").asString()));
      }
    }
    Set<String> known = turns.stream().map(Turn::id).collect(Collectors.toSet());
    return new Conversation(
        said.path("speaker_a").asString(),
        said.path("speaker_b").asString(),
        turns,
        asked.valueStream().flatMap(each -> question(each, known).stream()).toList());
  }

  /** Some ids are several, or have a stray sign; a question of which none is left is left out. */
  private static Optional<Question> question(JsonNode asked, Set<String> known) {
    Set<String> evidence = new LinkedHashSet<>();
    for (JsonNode each : asked.path("evidence")) {
      Arrays.stream(each.asString().split("[;,\\s]+"))
          .map(id -> id.replace("D:", "D"))
          .filter(known::contains)
          .forEach(evidence::add);
    }
    boolean lost = evidence.isEmpty() && !asked.path("evidence").isEmpty();
    return lost
        ? Optional.empty()
        : Optional.of(
            new Question(
                asked.path("question").asString(), asked.path("category").asString(), evidence));
  }
}
