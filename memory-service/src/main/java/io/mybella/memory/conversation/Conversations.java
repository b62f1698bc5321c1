package io.mybella.memory.conversation;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;

/**
 * Opens and resumes the conversation of a pair; at most one is open at a time. Whatever leaves
 * something to be closed or understood asks for it in the same transaction, see {@link
 * ConversationWork}; a message that goes on with an open conversation leaves nothing.
 */
@Service
public class Conversations {

  static final WorkKind WORK = new WorkKind("conversations");

  /**
   * What an UPDATE sets when the texts of a conversation have changed: whatever was derived from
   * them goes, and what is being derived from them at this moment is not kept.
   */
  public static final String NOT_UNDERSTOOD =
      "title = NULL, summary = NULL, key_topics = '{}', user_mood = NULL, important_facts = '{}',"
          + " summarised_at = NULL, summarised_by = NULL, revision = revision + 1";

  /** Of conversations that do not overlap the last one to begin is the one that may go on. */
  private static final String PAST =
      """
      WITH sitting AS MATERIALIZED (
        SELECT said.*, held.id AS held
        FROM unnest(:ids::uuid[], :firsts::timestamptz[], :lasts::timestamptz[],
            :messages::bigint[], :tokens::bigint[], :first_ids::uuid[], :last_ids::uuid[])
          WITH ORDINALITY AS said (id, first_at, last_at, messages, tokens, first_id, last_id, at)
        LEFT JOIN LATERAL (
          SELECT conversation.id, last_message_at FROM conversation
          WHERE user_id = :user_id AND persona_id = :persona_id
            AND started_at <= said.last_at + make_interval(secs => :idle_seconds)
          ORDER BY started_at DESC LIMIT 1) AS held
          ON held.last_message_at >= said.first_at - make_interval(secs => :idle_seconds)),
      longer AS (
        UPDATE conversation
        SET started_at = LEAST(started_at, more.first_at),
            last_message_at = GREATEST(last_message_at, more.last_at),
            ended_at = GREATEST(ended_at, CASE WHEN ended_at IS NOT NULL THEN more.last_at END),
            message_count = message_count + more.messages,
            tokens_used = tokens_used + more.tokens,
            first_message_id = LEAST(first_message_id, more.first_id),
            last_message_id = GREATEST(last_message_id, more.last_id), %s
        FROM (
          SELECT held, min(first_at) AS first_at, max(last_at) AS last_at,
            sum(messages) AS messages, sum(tokens) AS tokens,
            (array_agg(first_id ORDER BY first_id))[1] AS first_id,
            (array_agg(last_id ORDER BY last_id DESC))[1] AS last_id
          FROM sitting WHERE held IS NOT NULL GROUP BY held) AS more
        WHERE conversation.user_id = :user_id AND conversation.persona_id = :persona_id
          AND conversation.id = more.held),
      ended AS (
        INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at, ended_at,
          message_count, tokens_used, first_message_id, last_message_id)
        SELECT :user_id, :persona_id, id, first_at, last_at, last_at, messages, tokens, first_id,
          last_id
        FROM sitting WHERE held IS NULL)
      SELECT COALESCE(held, id) FROM sitting ORDER BY at
      """
          .formatted(NOT_UNDERSTOOD);

  private static final Logger log = LoggerFactory.getLogger(Conversations.class);

  private final PersonaScope scope;
  private final WorkLedger ledger;
  private final IdGenerator ids;
  private final Clock clock;
  private final ConversationProperties properties;

  Conversations(
      PersonaScope scope,
      WorkLedger ledger,
      IdGenerator ids,
      Clock clock,
      ConversationProperties properties) {
    this.scope = scope;
    this.ledger = ledger;
    this.ids = ids;
    this.clock = clock;
    this.properties = properties;
  }

  /** A conversation whose last message came before this has ended. */
  public OffsetDateTime idleSince() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).minus(properties.idle());
  }

  /**
   * Makes sure that the pair has a memory and an open conversation. Without effect when the persona
   * or the user is erased, or the pair is being forgotten, at this very moment.
   */
  public void open(PairId pair) {
    try {
      scope.run(pair, this::openConversation);
    } catch (DataIntegrityViolationException gone) {
      log.debug("No conversation can be opened for {}", pair, gone);
    }
  }

  /**
   * Makes sure that the pair has a memory, without opening a conversation. Without effect when the
   * persona or the user is erased at this very moment.
   */
  public void remember(PairId pair) {
    try {
      scope.run(pair, Conversations::begin);
    } catch (DataIntegrityViolationException gone) {
      log.debug("Nothing can be remembered of {}", pair, gone);
    }
  }

  /**
   * Messages that follow each other without a long pause.
   *
   * @param firstId the least of their ids
   * @param lastId the greatest of them
   */
  public record Sitting(
      Instant first, Instant last, int messages, long tokens, UUID firstId, UUID lastId) {}

  /** Whether the pause between two messages is long enough to part two conversations. */
  public boolean parts(Instant one, Instant next) {
    return Duration.between(one, next).compareTo(properties.idle()) > 0;
  }

  /**
   * Goes on with the open conversation. The pair must be locked.
   *
   * @return the conversation; empty when none is open, or it has been idle for too long
   */
  public Optional<UUID> goOn(PairQueries db, Sitting sitting) {
    return db.sql(
            """
            UPDATE conversation
            SET last_message_at = GREATEST(last_message_at, :last),
                message_count = message_count + :messages, tokens_used = tokens_used + :tokens,
                first_message_id = LEAST(first_message_id, :first_id),
                last_message_id = GREATEST(last_message_id, :last_id)
            WHERE user_id = :user_id AND persona_id = :persona_id
              AND ended_at IS NULL AND last_message_at > :idle_since
            RETURNING id
            """)
        .param("last", OffsetDateTime.ofInstant(sitting.last(), ZoneOffset.UTC))
        .param("messages", sitting.messages())
        .param("tokens", sitting.tokens())
        .param("first_id", sitting.firstId())
        .param("last_id", sitting.lastId())
        .param("idle_since", idleSince())
        .query(UUID.class)
        .optional();
  }

  /**
   * Has sittings of the past in the history: each becomes part of the conversation that went on at
   * its time, or else one of its own that has ended. They are understood soon after. The pair must
   * be locked.
   *
   * @return the conversation of each
   */
  public List<UUID> past(PairQueries db, List<Sitting> sittings) {
    ledger.ask(db, WORK);
    return db.sql(PAST)
        .param("ids", column(sittings, _ -> ids.next()))
        .param("firsts", column(sittings, Sitting::first))
        .param("lasts", column(sittings, Sitting::last))
        .param("messages", column(sittings, Sitting::messages))
        .param("tokens", column(sittings, Sitting::tokens))
        .param("first_ids", column(sittings, Sitting::firstId))
        .param("last_ids", column(sittings, Sitting::lastId))
        .param("idle_seconds", properties.idle().toMillis() / 1_000.0)
        .query(UUID.class)
        .list();
  }

  /**
   * Takes the fact that a text of a conversation that has ended was changed or removed: what the
   * conversations come to goes with it, within this transaction, and is made anew soon after. The
   * pair must be locked.
   */
  public void misunderstood(PairQueries db) {
    db.sql("DELETE FROM rolling_summary WHERE user_id = :user_id AND persona_id = :persona_id")
        .update();
    ledger.ask(db, WORK);
  }

  private static String[] column(List<Sitting> sittings, Function<Sitting, Object> part) {
    return sittings.stream().map(part).map(Object::toString).toArray(String[]::new);
  }

  private static void begin(PairQueries db) {
    db.sql(
            """
            INSERT INTO persona_memory (user_id, persona_id) VALUES (:user_id, :persona_id)
            ON CONFLICT DO NOTHING
            """)
        .update();
  }

  private void openConversation(PairQueries db) {
    boolean asked =
        db.sql(
                """
                SELECT open_conversation(:user_id, :persona_id, :id, :now,
                  make_interval(secs => :idle_seconds))
                """)
            .param("id", ids.next())
            .param("now", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
            .param("idle_seconds", properties.idle().toMillis() / 1_000.0)
            .query(Boolean.class)
            .single();
    if (asked) {
      ledger.asked(WORK);
    }
  }

  /**
   * Whoever else opens a conversation of this pair, or forgets the pair, waits here.
   *
   * @return whether the pair has a memory
   */
  static boolean lock(PairQueries db) {
    return !db.sql(
            """
            SELECT 1 FROM persona_memory
            WHERE user_id = :user_id AND persona_id = :persona_id FOR NO KEY UPDATE
            """)
        .query()
        .listOfRows()
        .isEmpty();
  }

  /** Ends the open conversation when its last message came no later; the number of those ended. */
  static int endIdle(PairQueries db, OffsetDateTime idleSince) {
    return db.sql(
            """
            UPDATE conversation SET ended_at = last_message_at
            WHERE user_id = :user_id AND persona_id = :persona_id
              AND ended_at IS NULL AND last_message_at <= :idle_since
            """)
        .param("idle_since", idleSince)
        .update();
  }
}
