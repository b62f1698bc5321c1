package io.mybella.memory.export;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.WholeHistory;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/** Gives users what a persona remembers of them, however much it is. */
@Service
public class MemoryExport {

  /**
   * What is remembered. Both are read in pieces while they are walked through, which each can be
   * once; nobody holds a database connection in between.
   *
   * @param conversations in the order in which they were opened
   * @param messages oldest first
   */
  public record Everything(Stream<ExportedConversation> conversations, Stream<Message> messages) {}

  /** Conversations that are read at once. */
  private static final int PIECE = 100;

  private static final UUID START = new UUID(0, 0);

  private static final String AFTER =
      """
      SELECT id, started_at, last_message_at, ended_at, message_count, tokens_used, summary,
        key_topics, user_mood, important_facts
      FROM conversation
      WHERE user_id = :user_id AND persona_id = :persona_id AND id > :after
      ORDER BY id LIMIT :limit
      """;

  private final WholeHistory history;
  private final PersonaScope scope;

  MemoryExport(WholeHistory history, PersonaScope scope) {
    this.history = history;
    this.scope = scope;
  }

  /**
   * Everything that the persona remembers of the user. The first pieces are read by now. What is
   * said from now on is not part of it; what is changed, deleted or imported meanwhile may be part
   * of it or not.
   *
   * @throws Problem 404 when the user may not use the persona
   */
  public Everything of(PairId pair) {
    // This checks the access.
    Stream<Message> messages = history.messages(pair);
    return new Everything(conversations(pair), messages);
  }

  private Stream<ExportedConversation> conversations(PairId pair) {
    return Stream.iterate(
            after(pair, START),
            piece -> !piece.isEmpty(),
            piece -> after(pair, piece.getLast().id()))
        .flatMap(List::stream);
  }

  private List<ExportedConversation> after(PairId pair, UUID id) {
    return scope.call(
        pair,
        db ->
            db.sql(AFTER)
                .param("after", id)
                .param("limit", PIECE)
                .query((row, _) -> conversation(row))
                .list());
  }

  private static ExportedConversation conversation(ResultSet row) throws SQLException {
    OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
    return new ExportedConversation(
        row.getObject("id", UUID.class),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getObject("last_message_at", OffsetDateTime.class).toInstant(),
        endedAt == null ? null : endedAt.toInstant(),
        row.getLong("message_count"),
        row.getLong("tokens_used"),
        row.getString("summary"),
        List.of((String[]) row.getArray("key_topics").getArray()),
        row.getString("user_mood"),
        List.of((String[]) row.getArray("important_facts").getArray()));
  }
}
