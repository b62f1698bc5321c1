package io.mybella.operator.importing;

import io.mybella.operator.importing.Workbench.Pair;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Brings what the old app understood of conversations. */
final class ConversationsStep {

  private static final String TABLE = "conversation_memories";
  private static final int LONGEST = 20_000;
  private static final int MOST = 100;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PairRows rows;
  private final Tally tally;
  private final Instant now;

  ConversationsStep(
      Workbench bench, Recipient recipient, Report report, Progress progress, Instant now) {
    this.tally = report.of(TABLE);
    this.rows =
        new PairRows(
            bench,
            recipient,
            tally,
            progress,
            TABLE,
            Workbench.CONVERSATION,
            Endpoint.CONVERSATIONS);
    this.now = now;
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    rows.run(
        "conversations",
        this::conversation,
        "started_at",
        "last_updated",
        "summary",
        "key_topics",
        "user_mood",
        "important_facts");
  }

  private Told.@Nullable Conversation conversation(String key, Pair pair, ResultSet row)
      throws SQLException {
    Values values = new Values(row);
    Instant started = values.time("started_at", now);
    Instant updated = values.time("last_updated", now);
    if (started == null && updated == null) {
      Long said = values.number("said");
      if (said == null) {
        tally.unplaced(key, "its time cannot be read, and there is no message near it");
        return null;
      }
      tally.note(key, "its time cannot be read: that of the last message was taken");
      updated = Instant.EPOCH.plus(said, ChronoUnit.MICROS);
    }
    return new Told.Conversation(
        key,
        started,
        updated,
        values.text("summary", LONGEST),
        topics(values.text("key_topics", LONGEST)),
        values.text("user_mood", LONGEST),
        facts(values.text("important_facts", LONGEST)));
  }

  private static List<String> topics(@Nullable String separated) {
    return separated == null
        ? List.of()
        : Arrays.stream(separated.split(","))
            .map(String::strip)
            .filter(topic -> !topic.isEmpty())
            .limit(MOST)
            .toList();
  }

  /** A list or an object in JSON, or whatever else stands there, as it is. */
  static List<String> facts(@Nullable String text) {
    if (text == null) {
      return List.of();
    }
    try {
      JsonNode json = JSON.readTree(text);
      List<String> facts = new ArrayList<>();
      if (json.isArray()) {
        json.forEach(each -> facts.add(said(each)));
      } else if (json.isObject()) {
        json.properties().forEach(each -> facts.add(each.getKey() + ": " + said(each.getValue())));
      } else {
        facts.add(said(json));
      }
      return facts.stream().filter(fact -> !fact.isBlank()).limit(MOST).toList();
    } catch (JacksonException noJson) {
      return List.of(text);
    }
  }

  private static String said(JsonNode json) {
    return json.isNull() ? "" : json.isString() ? json.asString() : json.toString();
  }
}
