package io.mybella.memory.conversation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it is remembered.
 *
 * @param title null as long as it is not understood, and likewise summary and mood
 * @param endedAt null while it goes on
 * @param summarisedAt when it was understood; null when that is still to come
 * @param firstMessageId no message of it has a lesser id, and this one may be gone; null when none
 *     was said
 */
public record Conversation(
    UUID id,
    @Nullable String title,
    Instant startedAt,
    Instant lastMessageAt,
    @Nullable Instant endedAt,
    long messageCount,
    long tokensUsed,
    @Nullable String summary,
    List<String> keyTopics,
    @Nullable String userMood,
    List<String> importantFacts,
    @Nullable Instant summarisedAt,
    @Nullable UUID firstMessageId) {

  static final String COLUMNS =
      "id, title, started_at, last_message_at, ended_at, message_count, tokens_used, summary,"
          + " key_topics, user_mood, important_facts, summarised_at, first_message_id";

  /** A row of {@link #COLUMNS}. */
  static Conversation of(ResultSet row) throws SQLException {
    return new Conversation(
        row.getObject("id", UUID.class),
        row.getString("title"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getObject("last_message_at", OffsetDateTime.class).toInstant(),
        time(row, "ended_at"),
        row.getLong("message_count"),
        row.getLong("tokens_used"),
        row.getString("summary"),
        List.of((String[]) row.getArray("key_topics").getArray()),
        row.getString("user_mood"),
        List.of((String[]) row.getArray("important_facts").getArray()),
        time(row, "summarised_at"),
        row.getObject("first_message_id", UUID.class));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
