package io.mybella.memory.conversation;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Verdict;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;

/** Opens and resumes the conversation of a pair; at most one is open at a time. */
@Service
public class Conversations {

  /**
   * What an UPDATE sets when a text of a conversation has gone: whatever was derived from it goes,
   * too.
   */
  public static final String NOT_UNDERSTOOD =
      "summary = NULL, key_topics = '{}', user_mood = NULL, important_facts = '{}'";

  private static final Logger log = LoggerFactory.getLogger(Conversations.class);

  private final PersonaScope scope;
  private final IdGenerator ids;
  private final Clock clock;
  private final ConversationProperties properties;

  Conversations(
      PersonaScope scope, IdGenerator ids, Clock clock, ConversationProperties properties) {
    this.scope = scope;
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
   * Takes the fact that a user has turned to a persona: the pair's conversation is opened or goes
   * on. Switches that are older than one already taken have no effect, nor have those to a persona
   * that is gone, nor those of a user who is.
   *
   * @param version counts the user's switches
   * @throws IllegalArgumentException when the persona is known to be somebody else's
   */
  public void switched(PairId pair, long version) {
    scope.run(
        pair,
        db -> {
          if (erased(db) || !newer(db, version)) {
            return;
          }
          if (verdict(db) == Verdict.REFUSED) {
            throw new IllegalArgumentException("A switch to a persona of somebody else: " + pair);
          }
          openConversation(db);
          take(db, version);
        });
  }

  private void openConversation(PairQueries db) {
    OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    db.sql(
            """
            INSERT INTO persona_memory (user_id, persona_id) VALUES (:user_id, :persona_id)
            ON CONFLICT DO NOTHING
            """)
        .update();
    // Whoever else opens a conversation of this pair, or forgets the pair, waits here.
    db.sql(
            """
            SELECT 1 FROM persona_memory
            WHERE user_id = :user_id AND persona_id = :persona_id FOR NO KEY UPDATE
            """)
        .query()
        .listOfRows();
    db.sql(
            """
            UPDATE conversation SET ended_at = last_message_at
            WHERE user_id = :user_id AND persona_id = :persona_id
              AND ended_at IS NULL AND last_message_at <= :idle_since
            """)
        .param("idle_since", now.minus(properties.idle()))
        .update();
    db.sql(
            """
            INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at)
            VALUES (:user_id, :persona_id, :id, :now, :now)
            ON CONFLICT (user_id, persona_id) WHERE ended_at IS NULL DO NOTHING
            """)
        .param("id", ids.next())
        .param("now", now)
        .update();
  }

  /**
   * Whether the persona or the user is gone. Waits for a tombstone that is being set, and keeps the
   * next one waiting until the commit.
   */
  private static boolean erased(PairQueries db) {
    db.sql("SELECT pg_advisory_xact_lock_shared(persona_lock(:persona_id))").query().listOfRows();
    return db.sql(
            """
            SELECT account_is_erased(:user_id)
              OR EXISTS (SELECT FROM persona_tombstone WHERE persona_id = :persona_id)
            """)
        .query(Boolean.class)
        .single();
  }

  private static boolean newer(PairQueries db, long version) {
    return db.sql(
            """
            SELECT NOT EXISTS (
              SELECT FROM last_switch WHERE user_id = :user_id AND version >= :version)
            """)
        .param("version", version)
        .query(Boolean.class)
        .single();
  }

  private static Verdict verdict(PairQueries db) {
    return db.sql("SELECT " + Verdict.SQL + " AS usable")
        .query((row, _) -> Verdict.of(row, "usable"))
        .single();
  }

  private static void take(PairQueries db, long version) {
    db.sql(
            """
            INSERT INTO last_switch (user_id, persona_id, version)
            VALUES (:user_id, :persona_id, :version)
            ON CONFLICT (user_id) DO UPDATE
            SET persona_id = excluded.persona_id, version = excluded.version
            WHERE last_switch.version < excluded.version
            """)
        .param("version", version)
        .update();
  }
}
