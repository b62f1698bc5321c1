package io.mybella.memory.conversation;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.work.WorkLedger;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * Adds what another application had noted to the conversations of that time. It stands, whether it
 * comes before or after the conversation is understood here; what was not noted is understood from
 * the messages. The pair must be locked.
 */
@Service
public class Recollections {

  private static final String FIND =
      """
      SELECT id FROM conversation
      WHERE user_id = :user_id AND persona_id = :persona_id AND ended_at IS NOT NULL
        AND started_at <= :until + make_interval(secs => :idle_seconds)
        AND last_message_at >= :from - make_interval(secs => :idle_seconds)
      ORDER BY LEAST(last_message_at, :until) - GREATEST(started_at, :from) DESC, started_at, id
      LIMIT 1
      """;

  /** Texts of two notes of one conversation stand one after the other. */
  private static final String ADD =
      """
      UPDATE conversation
      SET summary = CASE
            WHEN :summary::text IS NULL THEN summary
            WHEN :joins AND summary IS NOT NULL THEN left(summary || E'\\n' || :summary, :most)
            ELSE :summary END,
          key_topics = CASE
            WHEN :joins THEN trim_array(key_topics || :key_topics::text[],
              GREATEST(0, cardinality(key_topics) + cardinality(:key_topics::text[]) - %1$d))
            WHEN :key_topics::text[] = '{}' THEN key_topics ELSE :key_topics::text[] END,
          user_mood = COALESCE(:user_mood::text, user_mood),
          important_facts = CASE
            WHEN :joins THEN trim_array(important_facts || :important_facts::text[],
              GREATEST(0, cardinality(important_facts) + cardinality(:important_facts::text[]) - %1$d))
            WHEN :important_facts::text[] = '{}' THEN important_facts
            ELSE :important_facts::text[] END,
          revision = revision + 1
      WHERE user_id = :user_id AND persona_id = :persona_id AND id = :id
      """
          .formatted(Recollection.LISTED);

  private static final String OPEN =
      """
      INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at, ended_at,
        title, summary, key_topics, user_mood, important_facts, summarised_at, summarised_by)
      SELECT user_id, persona_id, message_id_after(forgotten_upto, :id), :from, :until, :until,
        :title, :summary, :key_topics::text[], :user_mood, :important_facts::text[], :now, 'import'
      FROM persona_memory WHERE user_id = :user_id AND persona_id = :persona_id
      RETURNING id
      """;

  private final WorkLedger ledger;
  private final IdGenerator ids;
  private final Clock clock;
  private final ConversationProperties properties;

  Recollections(
      WorkLedger ledger, IdGenerator ids, Clock clock, ConversationProperties properties) {
    this.ledger = ledger;
    this.ids = ids;
    this.clock = clock;
    this.properties = properties;
  }

  /** The conversation, ended by now, that went on at that time, or shared most of it. */
  public Optional<UUID> find(PairQueries db, Recollection noted) {
    return db.sql(FIND)
        .param("from", time(noted.from()))
        .param("until", time(noted.until()))
        .param("idle_seconds", properties.idle().toMillis() / 1_000.0)
        .query(UUID.class)
        .optional();
  }

  /**
   * Adds what was noted to a conversation.
   *
   * @param joins whether something was added to it before, which stays
   */
  public void add(PairQueries db, UUID conversation, Recollection noted, boolean joins) {
    db.sql(ADD)
        .param("id", conversation)
        .param("joins", joins)
        .param("most", Recollection.SUMMARY)
        .param("summary", noted.summary(), Types.VARCHAR)
        .param("key_topics", noted.keyTopics().toArray(String[]::new))
        .param("user_mood", noted.userMood(), Types.VARCHAR)
        .param("important_facts", noted.importantFacts().toArray(String[]::new))
        .update();
    ledger.ask(db, Conversations.WORK);
  }

  /**
   * Remembers a conversation of which no message is there.
   *
   * @return its id
   */
  public UUID open(PairQueries db, Recollection noted) {
    UUID id =
        db.sql(OPEN)
            .param("id", ids.next())
            .param("from", time(noted.from()))
            .param("until", time(noted.until()))
            .param("title", noted.title(), Types.VARCHAR)
            .param("summary", noted.summary(), Types.VARCHAR)
            .param("key_topics", noted.keyTopics().toArray(String[]::new))
            .param("user_mood", noted.userMood(), Types.VARCHAR)
            .param("important_facts", noted.importantFacts().toArray(String[]::new))
            .param("now", time(clock.instant()))
            .query(UUID.class)
            .single();
    ledger.ask(db, Conversations.WORK);
    return id;
  }

  /** Those of the conversations that are there. */
  public Set<UUID> existing(PairQueries db, Collection<UUID> conversations) {
    return new HashSet<>(
        db.sql(
                """
                SELECT id FROM conversation
                WHERE user_id = :user_id AND persona_id = :persona_id AND id = ANY (:ids::uuid[])
                """)
            .param("ids", conversations.stream().map(UUID::toString).toArray(String[]::new))
            .query(UUID.class)
            .list());
  }

  private static OffsetDateTime time(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }
}
