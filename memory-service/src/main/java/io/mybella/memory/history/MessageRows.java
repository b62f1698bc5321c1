package io.mybella.memory.history;

import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The rows of the messages: one statement for each way of use. */
@Repository
class MessageRows {

  /** What one attempt to append came to. */
  sealed interface Attempt {

    /** It is stored now. */
    record Stored(Message message) implements Attempt {}

    /** It, another message under one of its keys, or another reply was stored before. */
    record Repeated(Message message, boolean same) implements Attempt {}

    /** Nothing was done: the pair has no open conversation. */
    record NoConversation() implements Attempt {}

    /** Nothing was done: the message that it replies to is not in the history. */
    record NothingToReplyTo() implements Attempt {}

    /** Nothing was done: another append under the same key committed meanwhile. */
    record Overtaken() implements Attempt {}
  }

  /**
   * Messages that follow each other, oldest first.
   *
   * @param older whether there are messages before them
   */
  record Stretch(List<Message> messages, boolean older) {}

  /**
   * The messages of a window, and one more before it without its texts, which tells that there is
   * one. Texts are given as long as they fit into the bytes of a page, those next to the middle
   * first. How long a text is stands beside it and not in it, so that what is not given is not
   * fetched either. The first counts as a whole page at most, so that no page is empty for its
   * size.
   */
  private static final String FITTING =
      """
      LEFT JOIN LATERAL (
        SELECT id, conversation_id, role, CASE WHEN fits THEN content END AS content, created_at,
          model, tokens, client_message_id, in_reply_to,
          CASE WHEN fits THEN metadata END AS metadata, edited_at, fits
        FROM (
          SELECT *, wanted AND %1$s :bytes >=
            sum(CASE WHEN wanted THEN LEAST(:bytes, octet_length(content)
              + COALESCE(octet_length(metadata::text), 0)) ELSE 0 END)
            OVER (ORDER BY place, id DESC ROWS UNBOUNDED PRECEDING) AS fits
          FROM (
            (SELECT %2$s, place, place <= :older AS wanted
             FROM (
               SELECT *, row_number() OVER (ORDER BY id DESC) AS place FROM chat_message
               WHERE usable AND user_id = :user_id AND persona_id = :persona_id AND id < :until
               ORDER BY id DESC LIMIT :older + 1) AS older)
            UNION ALL
            (SELECT %2$s, place, true
             FROM (
               SELECT *, row_number() OVER (ORDER BY id) AS place FROM chat_message
               WHERE usable AND user_id = :user_id AND persona_id = :persona_id AND id >= :since
               ORDER BY id LIMIT :newer) AS newer)) AS found) AS sized) AS page ON true
      ORDER BY page.id
      """;

  /** A window of the history. */
  static final String WINDOW =
      "SELECT usable, page.* FROM (SELECT %s AS usable) AS access\n".formatted(Verdict.SQL)
          + FITTING.formatted("", MessageRow.COLUMNS);

  /**
   * A window together with what the ended conversations come to, both within a budget. The summary
   * may take half of it and is left out otherwise; texts of messages get the rest, those next to
   * the middle first, and here the first is left out, too, when it does not fit.
   */
  static final String RECENT =
      """
      SELECT usable, summary, page.*
      FROM (
        SELECT usable, CASE WHEN octet_length(content) <= :budget / 2 THEN content END AS summary
        FROM (SELECT %s AS usable) AS allowed
        LEFT JOIN LATERAL (
          SELECT content FROM rolling_summary
          WHERE usable AND user_id = :user_id AND persona_id = :persona_id
          ORDER BY id DESC LIMIT 1) AS rolling ON true) AS access
      """
              .formatted(Verdict.SQL)
          + FITTING.formatted(
              """
              :budget - COALESCE(octet_length(summary), 0) >=
                sum(CASE WHEN wanted THEN octet_length(content) ELSE 0 END)
                OVER (ORDER BY place, id DESC ROWS UNBOUNDED PRECEDING) AND\
              """,
              MessageRow.COLUMNS);

  /** The reply to a message, or the access alone. */
  static final String REPLY =
      """
      SELECT usable, reply.*
      FROM (SELECT %s AS usable) AS access
      LEFT JOIN LATERAL (
        SELECT %s FROM chat_message
        WHERE usable AND user_id = :user_id AND persona_id = :persona_id
          AND in_reply_to = :in_reply_to) AS reply ON true
      """
          .formatted(Verdict.SQL, MessageRow.COLUMNS);

  /**
   * What was stored before under one of the keys must be the same message; another reply need not,
   * because a model never says the same twice. Of a text that was changed nothing is left to
   * compare.
   *
   * <p>The id is given by whoever holds the lock of the pair's row; that is locked before the
   * conversation's, as an erasure does it. The counters of the conversation and the message stand
   * or fall together: a key that another append has used meanwhile undoes both.
   */
  private static final String APPEND =
      """
      WITH access AS MATERIALIZED (SELECT %s AS usable),
      earlier AS MATERIALIZED (
        SELECT %s,
          CASE WHEN COALESCE(client_message_id = :client_message_id::text, false)
              OR COALESCE(idempotency_key = :idempotency_key::text, false)
            THEN (edited_at IS NOT NULL OR content = :content::text)
              AND (role, model, tokens, client_message_id, in_reply_to, metadata)
              IS NOT DISTINCT FROM
              (:role::text, :model::text, :tokens::integer, :client_message_id::text,
               :in_reply_to::uuid, :metadata::jsonb)
            ELSE true END AS same
        FROM chat_message
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND (client_message_id = :client_message_id::text
            OR idempotency_key = :idempotency_key::text OR in_reply_to = :in_reply_to::uuid)
        ORDER BY same LIMIT 1),
      memory AS (
        UPDATE persona_memory SET last_message_id = message_id_after(last_message_id, :id)
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND (SELECT usable FROM access) AND NOT EXISTS (SELECT FROM earlier)
        RETURNING user_id, persona_id, last_message_id),
      asked AS MATERIALIZED (
        SELECT chat_message.id FROM memory JOIN chat_message USING (user_id, persona_id)
        WHERE chat_message.user_id = :user_id AND chat_message.persona_id = :persona_id
          AND chat_message.id = :in_reply_to::uuid
        FOR KEY SHARE OF chat_message),
      talk AS (
        UPDATE conversation
        SET last_message_at = GREATEST(last_message_at, :now),
            message_count = message_count + 1,
            tokens_used = tokens_used + COALESCE(:tokens::integer, 0),
            first_message_id = COALESCE(conversation.first_message_id, memory.last_message_id),
            last_message_id = memory.last_message_id
        FROM memory
        WHERE conversation.user_id = :user_id AND conversation.persona_id = :persona_id
          AND conversation.user_id = memory.user_id
          AND ended_at IS NULL AND last_message_at > :idle_since
          AND (:in_reply_to::uuid IS NULL OR EXISTS (SELECT FROM asked))
        RETURNING conversation.id, memory.last_message_id),
      stored AS (
        INSERT INTO chat_message (user_id, persona_id, id, conversation_id, role, content, created_at,
          model, tokens, client_message_id, idempotency_key, in_reply_to, metadata)
        SELECT :user_id, :persona_id, last_message_id, talk.id, :role, :content, :now,
          :model::text, :tokens::integer, :client_message_id::text, :idempotency_key::text,
          :in_reply_to::uuid, :metadata::jsonb
        FROM talk
        RETURNING %s)
      SELECT usable, outcome.*,
        EXISTS (SELECT FROM memory) AND :in_reply_to::uuid IS NOT NULL
          AND NOT EXISTS (SELECT FROM asked) AS nothing_to_reply_to
      FROM access LEFT JOIN (
        SELECT 'repeated' AS outcome, * FROM earlier
        UNION ALL
        SELECT 'stored', *, true FROM stored) AS outcome ON true
      """
          .formatted(Verdict.SQL, MessageRow.COLUMNS, MessageRow.COLUMNS);

  private static final String CLEAR =
      """
      DELETE FROM chat_message
      WHERE user_id = :user_id AND persona_id = :persona_id
        AND (client_message_id = :client_message_id::text
          OR idempotency_key = :idempotency_key::text OR in_reply_to = :in_reply_to::uuid)
        AND id <= (SELECT forgotten_upto FROM persona_memory
                   WHERE user_id = :user_id AND persona_id = :persona_id)
      """;

  private final PersonaScope scope;
  private final List<MessageFollower> followers;

  MessageRows(PersonaScope scope, List<MessageFollower> followers) {
    this.scope = scope;
    this.followers = List.copyOf(followers);
  }

  /**
   * The messages of a window, oldest first, as many as fit.
   *
   * @param bytes how many bytes of content and metadata at most, at least one message
   */
  Checked<Stretch> window(PairId pair, Window window, int bytes) {
    return scope.call(pair, db -> in(db.sql(WINDOW), window, bytes).query(MessageRows::stretch));
  }

  /**
   * The newest messages and what the ended conversations come to.
   *
   * @param limit how many messages at most
   * @param bytes how many bytes of content and metadata at most
   * @param budget how many bytes the texts may have, those of messages and the summary together
   */
  Checked<Recent> recent(PairId pair, int limit, int bytes, long budget) {
    return scope.call(
        pair,
        db ->
            in(db.sql(RECENT), Window.newest(limit), bytes)
                .param("budget", budget)
                .query(MessageRows::newest));
  }

  private static StatementSpec in(StatementSpec statement, Window window, int bytes) {
    return statement
        .param("until", window.until())
        .param("older", window.older())
        .param("since", window.since())
        .param("newer", window.newer())
        .param("bytes", bytes);
  }

  /** The reply to a message, if there is one. */
  Checked<Optional<Message>> reply(PairId pair, UUID message) {
    return scope.call(
        pair, db -> db.sql(REPLY).param("in_reply_to", message).query(MessageRows::oneReply));
  }

  /**
   * Stores a message in the pair's open conversation, unless one was stored before under one of its
   * keys or as the reply to the same message.
   *
   * @param idleSince a conversation without a message after this is not continued
   * @throws org.springframework.dao.DuplicateKeyException when another append under the same key
   *     commits meanwhile
   */
  Checked<Attempt> append(
      PairId pair, UUID id, NewMessage message, Instant now, OffsetDateTime idleSince) {
    return scope.call(
        pair,
        db -> {
          Checked<Attempt> attempt = append(db, id, message, now, idleSince);
          if (attempt.value() instanceof Attempt.Stored(Message stored)) {
            followers.forEach(each -> each.stored(db, List.of(stored.said()), false));
          }
          return attempt;
        });
  }

  private static Checked<Attempt> append(
      PairQueries db, UUID id, NewMessage message, Instant now, OffsetDateTime idleSince) {
    // Nulls carry their type: the driver would ask the server for it otherwise.
    return db.sql(APPEND)
        .param("id", id)
        .param("role", message.role().text())
        .param("content", message.content())
        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .param("model", message.model(), Types.VARCHAR)
        .param("tokens", message.tokens(), Types.INTEGER)
        .param("client_message_id", message.clientMessageId(), Types.VARCHAR)
        .param("idempotency_key", message.idempotencyKey(), Types.VARCHAR)
        .param("in_reply_to", text(message.inReplyTo()), Types.VARCHAR)
        .param("metadata", message.metadata(), Types.VARCHAR)
        .param("idle_since", idleSince)
        .query(MessageRows::attempt);
  }

  /**
   * Erases forgotten messages under the keys of a new one. Nobody sees them any more, but until
   * they are erased their keys are taken.
   */
  void clearForgotten(PairId pair, NewMessage message) {
    scope.callErasingPair(
        pair,
        db ->
            db.sql(CLEAR)
                .param("client_message_id", message.clientMessageId(), Types.VARCHAR)
                .param("idempotency_key", message.idempotencyKey(), Types.VARCHAR)
                .param("in_reply_to", text(message.inReplyTo()), Types.VARCHAR)
                .update());
  }

  private static Checked<Stretch> stretch(ResultSet rows) throws SQLException {
    List<Message> messages = new ArrayList<>();
    Verdict verdict = Verdict.UNKNOWN;
    boolean older = false;
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      if (rows.getBoolean("fits")) {
        messages.add(MessageRow.read(rows));
      } else if (messages.isEmpty() && rows.getObject("id") != null) {
        older = true;
      }
    }
    return new Checked<>(verdict, new Stretch(messages, older));
  }

  private static Checked<Recent> newest(ResultSet rows) throws SQLException {
    List<Message> messages = new ArrayList<>();
    Verdict verdict = Verdict.UNKNOWN;
    String summary = null;
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      summary = rows.getString("summary");
      if (rows.getBoolean("fits")) {
        messages.add(MessageRow.read(rows));
      }
    }
    return new Checked<>(verdict, new Recent(messages, summary));
  }

  private static Checked<Optional<Message>> oneReply(ResultSet row) throws SQLException {
    row.next();
    return new Checked<>(
        Verdict.of(row, "usable"),
        row.getObject("id") == null ? Optional.empty() : Optional.of(MessageRow.read(row)));
  }

  private static Checked<Attempt> attempt(ResultSet row) throws SQLException {
    row.next();
    String outcome = row.getString("outcome");
    Attempt attempt =
        switch (outcome) {
          case null ->
              row.getBoolean("nothing_to_reply_to")
                  ? new Attempt.NothingToReplyTo()
                  : new Attempt.NoConversation();
          case "stored" -> new Attempt.Stored(MessageRow.read(row));
          default -> new Attempt.Repeated(MessageRow.read(row), row.getBoolean("same"));
        };
    return new Checked<>(Verdict.of(row, "usable"), attempt);
  }

  private static @Nullable String text(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }
}
