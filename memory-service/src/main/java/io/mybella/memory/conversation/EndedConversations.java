package io.mybella.memory.conversation;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.conversation.ConversationFollower.Learned;
import io.mybella.memory.conversation.RollingSummary.Part;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.understanding.Talk;
import io.mybella.memory.understanding.Talk.Utterance;
import io.mybella.memory.understanding.Told;
import io.mybella.memory.understanding.Understood;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Repository;

/** What the worker reads and writes, each in a short transaction of its own. */
@Repository
class EndedConversations {

  /**
   * A conversation that has ended and is not understood.
   *
   * @param revision at which its texts were read
   * @param talk what was said
   * @param messages those that it was said in, likewise
   */
  record Ended(UUID id, long revision, Talk talk, List<Said> messages) {}

  private record Said(UUID id, Instant at) {}

  /** Nothing was ever said in it. */
  private static final String REMOVE_EMPTY =
      """
      DELETE FROM conversation
      WHERE user_id = :user_id AND persona_id = :persona_id
        AND ended_at IS NOT NULL AND summarised_at IS NULL AND message_count = 0
      """;

  /** Messages of others that may lie among those of a conversation of a few. */
  private static final int AMONG = 50;

  /**
   * The newest conversation that is not understood, with the texts of that very moment: what
   * changes them later raises the revision. Backwards from its last message as many are read as it
   * has, and some more where clocks or imports have brought others in between.
   */
  private static final String NEXT =
      """
      SELECT next.id, revision, said.id AS message_id, created_at, role,
        left(content, %d) AS content
      FROM (
        SELECT id, revision, message_count, first_message_id, last_message_id FROM conversation
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND ended_at IS NOT NULL AND summarised_at IS NULL
        ORDER BY started_at DESC, id DESC LIMIT 1) AS next
      LEFT JOIN LATERAL (
        SELECT * FROM (
          SELECT id, conversation_id, created_at, role, content FROM chat_message
          WHERE user_id = :user_id AND persona_id = :persona_id
            AND chat_message.id <= last_message_id
          ORDER BY chat_message.id DESC LIMIT LEAST(%d, message_count + %d)) AS newest
        WHERE newest.id >= first_message_id AND conversation_id = next.id AND role <> 'system')
        AS said ON true
      ORDER BY said.id
      """
          .formatted(Talk.MOST_CHARACTERS, Talk.MOST_UTTERANCES, AMONG);

  /**
   * Once for each revision, whoever else has read the same. What another application had noted
   * stands already, and stays.
   */
  private static final String UNDERSTOOD =
      """
      UPDATE conversation
      SET title = :title, summary = COALESCE(summary, :summary),
        key_topics = CASE WHEN key_topics = '{}' THEN :key_topics::text[] ELSE key_topics END,
        user_mood = COALESCE(user_mood, :user_mood),
        important_facts =
          CASE WHEN important_facts = '{}' THEN :important_facts::text[] ELSE important_facts END,
        summarised_at = :now, summarised_by = :by,
        revision = revision + 1
      WHERE user_id = :user_id AND persona_id = :persona_id AND id = :id
        AND ended_at IS NOT NULL AND summarised_at IS NULL AND revision = :revision
      """;

  private static final String NEWEST =
      """
      SELECT (started_at AT TIME ZONE 'UTC')::date AS day, title, summary FROM conversation
      WHERE user_id = :user_id AND persona_id = :persona_id AND summarised_at IS NOT NULL
        AND summary IS NOT NULL
      ORDER BY started_at DESC, id DESC LIMIT %d
      """
          .formatted(RollingSummary.MOST_CONVERSATIONS);

  private static final String REPLACE =
      """
      WITH old AS (
        DELETE FROM rolling_summary WHERE user_id = :user_id AND persona_id = :persona_id)
      INSERT INTO rolling_summary (user_id, persona_id, id, content)
      SELECT user_id, persona_id, message_id_after(forgotten_upto, :id), :content
      FROM persona_memory
      WHERE user_id = :user_id AND persona_id = :persona_id AND :content <> ''
      """;

  /** In the database's time, which is that of the ledger. */
  private static final String NEXT_IDLE =
      """
      SELECT now() + GREATEST(last_message_at - :idle_since, interval '100 milliseconds')
      FROM conversation
      WHERE user_id = :user_id AND persona_id = :persona_id AND ended_at IS NULL
      """;

  private final PersonaScope scope;
  private final IdGenerator ids;
  private final Clock clock;
  private final List<ConversationFollower> followers;

  EndedConversations(
      PersonaScope scope, IdGenerator ids, Clock clock, List<ConversationFollower> followers) {
    this.scope = scope;
    this.ids = ids;
    this.clock = clock;
    this.followers = List.copyOf(followers);
  }

  /**
   * Ends the open conversation when it is idle, and takes away ended ones in which nothing was
   * said.
   */
  void endIdle(PairId pair, OffsetDateTime idleSince) {
    scope.run(
        pair,
        db -> {
          if (Conversations.lock(db)) {
            Conversations.endIdle(db, idleSince);
            db.sql(REMOVE_EMPTY).update();
          }
        });
  }

  /** A conversation that is still to be understood. */
  Optional<Ended> next(PairId pair) {
    return scope.call(pair, db -> db.sql(NEXT).query(EndedConversations::ended));
  }

  private static Optional<Ended> ended(ResultSet rows) throws SQLException {
    UUID id = null;
    long revision = 0;
    List<Utterance> said = new ArrayList<>();
    List<Said> messages = new ArrayList<>();
    while (rows.next()) {
      id = rows.getObject("id", UUID.class);
      revision = rows.getLong("revision");
      String content = rows.getString("content");
      if (content != null) {
        said.add(new Utterance(rows.getString("role").equals("user"), content));
        messages.add(
            new Said(
                rows.getObject("message_id", UUID.class),
                rows.getObject("created_at", OffsetDateTime.class).toInstant()));
      }
    }
    return id == null
        ? Optional.empty()
        : Optional.of(new Ended(id, revision, new Talk(said), messages));
  }

  /**
   * Keeps what a conversation was understood to be about, unless its texts have changed since they
   * were read, or another worker was faster.
   *
   * @param by what has understood it
   * @return whether it is kept
   */
  boolean understood(PairId pair, Ended ended, Understood understood, String by) {
    List<Learned> learned = learned(ended, understood.told());
    return scope.call(
        pair,
        db -> {
          // Followers need the pair's row, and it is locked before its conversations.
          if (!learned.isEmpty() && !Conversations.lock(db)) {
            return false;
          }
          boolean kept = keep(db, ended, understood, by);
          if (kept && !learned.isEmpty()) {
            followers.forEach(each -> each.learned(db, learned));
          }
          return kept;
        });
  }

  private static List<Learned> learned(Ended ended, List<Told> told) {
    return told.stream()
        .map(
            each -> {
              Said said = ended.messages().get(each.utterance());
              return new Learned(each.category(), each.key(), each.value(), said.id(), said.at());
            })
        .toList();
  }

  private boolean keep(PairQueries db, Ended ended, Understood understood, String by) {
    return db.sql(UNDERSTOOD)
            .param("title", understood.title(), Types.VARCHAR)
            .param("summary", understood.summary(), Types.VARCHAR)
            .param("key_topics", understood.keyTopics().toArray(String[]::new))
            .param("user_mood", understood.userMood(), Types.VARCHAR)
            .param("important_facts", understood.importantFacts().toArray(String[]::new))
            .param("now", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
            .param("by", by)
            .param("id", ended.id())
            .param("revision", ended.revision())
            .update()
        == 1;
  }

  /**
   * Makes the rolling summary anew when it is not what the conversations come to. The pair is
   * locked meanwhile, so nothing can be in it that an edit or a deletion takes away at this moment.
   *
   * @param idleSince when the last message of a conversation came no later, it is idle
   * @return when the open conversation will be idle; empty when none is open
   */
  Optional<Instant> sumUp(PairId pair, OffsetDateTime idleSince) {
    return scope.call(
        pair,
        db -> {
          if (!Conversations.lock(db)) {
            return Optional.empty();
          }
          replace(db, RollingSummary.of(parts(db)));
          return db.sql(NEXT_IDLE)
              .param("idle_since", idleSince)
              .query(OffsetDateTime.class)
              .optional()
              .map(OffsetDateTime::toInstant);
        });
  }

  private static List<Part> parts(PairQueries db) {
    return db.sql(NEWEST)
        .query(
            (row, _) ->
                new Part(
                    row.getObject("day", LocalDate.class),
                    row.getString("title"),
                    row.getString("summary")))
        .list();
  }

  private void replace(PairQueries db, String content) {
    String current =
        db.sql(
                """
                SELECT content FROM rolling_summary
                WHERE user_id = :user_id AND persona_id = :persona_id
                """)
            .query(String.class)
            .optional()
            .orElse("");
    if (!content.equals(current)) {
      db.sql(REPLACE).param("id", ids.next()).param("content", content).update();
    }
  }
}
