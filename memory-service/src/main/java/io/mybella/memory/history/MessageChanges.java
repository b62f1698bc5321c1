package io.mybella.memory.history;

import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Repository;

/** Changes and removes single messages, and what their conversation was understood to be about. */
@Repository
class MessageChanges {

  /** What became of messages that were to be removed. */
  enum Removal {
    /** They are gone. */
    DONE,
    /** Nothing was done: the first of them is not there. */
    NOT_THERE,
    /** Nothing was done: they are more than one transaction removes. */
    TOO_MANY
  }

  private static final String EDIT =
      """
      WITH edited AS (
        UPDATE chat_message SET content = :content, edited_at = :now
        WHERE user_id = :user_id AND persona_id = :persona_id AND id = :id
        RETURNING %s),
      talk AS (
        UPDATE conversation SET %s
        FROM edited
        WHERE conversation.user_id = :user_id AND conversation.persona_id = :persona_id
          AND conversation.id = edited.conversation_id
        RETURNING ended_at)
      SELECT edited.*, EXISTS (SELECT FROM talk WHERE ended_at IS NOT NULL) AS of_ended FROM edited
      """
          .formatted(MessageRow.COLUMNS, Conversations.NOT_UNDERSTOOD);

  /** A conversation that has ended goes with its last message; one that is open goes on. */
  private static final String REMOVE =
      """
      WITH doomed AS MATERIALIZED (
        SELECT id FROM chat_message
        WHERE user_id = :user_id AND persona_id = :persona_id AND id >= :first AND id <= :last
        ORDER BY id LIMIT :most + 1),
      judged AS MATERIALIZED (
        SELECT EXISTS (SELECT FROM doomed WHERE id = :first) AS there, count(*) > :most AS too_many
        FROM doomed),
      gone AS (
        DELETE FROM chat_message
        WHERE user_id = :user_id AND persona_id = :persona_id AND id >= :first AND id <= :last
          AND (SELECT there AND NOT too_many FROM judged)
        RETURNING id, conversation_id, tokens),
      lost AS MATERIALIZED (
        SELECT conversation_id, count(*) AS messages, COALESCE(sum(tokens), 0) AS tokens
        FROM gone GROUP BY conversation_id),
      talk AS (
        UPDATE conversation
        SET message_count = GREATEST(message_count - lost.messages, 0),
            tokens_used = GREATEST(tokens_used - lost.tokens, 0), %s
        FROM lost
        WHERE conversation.user_id = :user_id AND conversation.persona_id = :persona_id
          AND conversation.id = lost.conversation_id
          AND (message_count > lost.messages OR ended_at IS NULL)
        RETURNING ended_at),
      emptied AS (
        DELETE FROM conversation USING lost
        WHERE conversation.user_id = :user_id AND conversation.persona_id = :persona_id
          AND conversation.id = lost.conversation_id
          AND message_count <= lost.messages AND ended_at IS NOT NULL
        RETURNING conversation.id)
      SELECT there, too_many, ARRAY(SELECT id FROM gone) AS removed,
        EXISTS (SELECT FROM talk WHERE ended_at IS NOT NULL) OR EXISTS (SELECT FROM emptied)
          AS of_ended
      FROM judged
      """
          .formatted(Conversations.NOT_UNDERSTOOD);

  private final PersonaScope scope;
  private final Conversations conversations;
  private final List<MessageFollower> followers;

  MessageChanges(PersonaScope scope, Conversations conversations, List<MessageFollower> followers) {
    this.scope = scope;
    this.conversations = conversations;
    this.followers = List.copyOf(followers);
  }

  /** What became of a statement, and whether it was about a conversation that has ended. */
  private record Outcome<T>(T value, boolean ofEnded) {}

  /** Gives a message another text; empty when it is not there. */
  Checked<Optional<Message>> edit(PairId pair, UUID id, String content, Instant now) {
    return scope.call(
        pair,
        db -> {
          LockedPair locked = LockedPair.lock(db);
          return new Checked<>(
              locked.verdict(),
              locked.exists() ? edit(db, id, content, now) : Optional.<Message>empty());
        });
  }

  private Optional<Message> edit(PairQueries db, UUID id, String content, Instant now) {
    Optional<Message> edited = rewrite(db, id, content, now);
    edited.ifPresent(message -> followers.forEach(each -> each.edited(db, message.said())));
    return edited;
  }

  private Optional<Message> rewrite(PairQueries db, UUID id, String content, Instant now) {
    return db.sql(EDIT)
        .param("id", id)
        .param("content", content)
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .query((row, _) -> new Outcome<>(MessageRow.read(row), row.getBoolean("of_ended")))
        .optional()
        .map(outcome -> settled(db, outcome));
  }

  private <T> T settled(PairQueries db, Outcome<T> outcome) {
    if (outcome.ofEnded()) {
      conversations.misunderstood(db);
    }
    return outcome.value();
  }

  /** Removes one message. */
  Checked<Removal> remove(PairId pair, UUID id) {
    return remove(pair, id, id, 1);
  }

  /**
   * Removes a message and all that come after it.
   *
   * @param most how many are removed at most; when there are more, none is
   */
  Checked<Removal> removeFrom(PairId pair, UUID first, int most) {
    return remove(pair, first, Window.END, most);
  }

  private Checked<Removal> remove(PairId pair, UUID first, UUID last, int most) {
    return scope.call(
        pair,
        db -> {
          LockedPair locked = LockedPair.lock(db);
          return new Checked<>(
              locked.verdict(),
              locked.exists() ? remove(db, first, last, most) : Removal.NOT_THERE);
        });
  }

  private Removal remove(PairQueries db, UUID first, UUID last, int most) {
    List<UUID> removed = new ArrayList<>();
    Outcome<Removal> outcome =
        db.sql(REMOVE)
            .param("first", first)
            .param("last", last)
            .param("most", most)
            .query(
                (row, _) -> {
                  removed.addAll(List.of((UUID[]) row.getArray("removed").getArray()));
                  return new Outcome<>(removal(row), row.getBoolean("of_ended"));
                })
            .single();
    if (!removed.isEmpty()) {
      followers.forEach(each -> each.removed(db, removed));
    }
    return settled(db, outcome);
  }

  private static Removal removal(ResultSet row) throws SQLException {
    if (!row.getBoolean("there")) {
      return Removal.NOT_THERE;
    }
    return row.getBoolean("too_many") ? Removal.TOO_MANY : Removal.DONE;
  }
}
