package io.mybella.memory.vector;

import io.mybella.memory.history.MessageFollower;
import io.mybella.memory.history.Said;
import io.mybella.memory.pair.PairQueries;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Has vectors made of what is said, and removes those of what is gone. A vector is made of a
 * message and the one before it: that of the next message goes as well.
 */
@Component
class VectorFollower implements MessageFollower {

  private static final String GONE =
      """
      WITH said AS MATERIALIZED (
        SELECT (SELECT id FROM unnest(:ids::uuid[]) AS id ORDER BY id LIMIT 1) AS first,
          (SELECT id FROM unnest(:ids::uuid[]) AS id ORDER BY id DESC LIMIT 1) AS last),
      next AS MATERIALIZED (
        SELECT id FROM chat_message
        WHERE user_id = :user_id AND persona_id = :persona_id AND id > (SELECT last FROM said)
        ORDER BY id LIMIT 1),
      gone AS (
        DELETE FROM message_vector
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND message_id >= (SELECT first FROM said)
          AND message_id <= COALESCE((SELECT id FROM next), (SELECT last FROM said)))
      UPDATE persona_memory SET embedded_before = LEAST(embedded_before, (SELECT first FROM said))
      WHERE user_id = :user_id AND persona_id = :persona_id
      """;

  private static final String PAST =
      """
      UPDATE persona_memory SET embedded_before = LEAST(embedded_before, :first)
      WHERE user_id = :user_id AND persona_id = :persona_id AND embedded_before > :first
      """;

  private final VectorRequests requests;

  VectorFollower(VectorRequests requests) {
    this.requests = requests;
  }

  @Override
  public void stored(PairQueries db, List<Said> messages, boolean past) {
    if (past) {
      db.sql(PAST).param("first", messages.getFirst().id()).update();
    }
    requests.ask(db);
  }

  @Override
  public void edited(PairQueries db, Said message) {
    removed(db, List.of(message.id()));
  }

  @Override
  public void removed(PairQueries db, List<UUID> messages) {
    db.sql(GONE)
        .param("ids", messages.stream().map(UUID::toString).toArray(String[]::new))
        .update();
    requests.ask(db);
  }
}
