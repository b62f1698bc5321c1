package io.mybella.memory.recall;

import io.mybella.memory.fact.Facts;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.Verdict;
import io.mybella.memory.vector.ByteVector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Reads what an index is made of. */
@Repository
class IndexRows {

  /** So much of a message is indexed: what people say is shorter. */
  static final int CHARACTERS = 4_000;

  /** So many characters of a history are indexed, the newest ones. */
  private static final int ALL_CHARACTERS = 8 * 1024 * 1024;

  private static final int FETCHED_AT_ONCE = 500;

  /**
   * What an index lacks.
   *
   * @param version of the history that these turns are of; null when there is none
   * @param goesOn whether they come after those that are indexed; else they are all there are
   * @param names of the two, as far as they are known
   * @param turns oldest first
   * @param vectors of these turns, or of others, for which they were made since
   * @param lastVector the position of the last vector that there was
   */
  record Lacking(
      @Nullable UUID version,
      boolean goesOn,
      Names names,
      List<Spoken> turns,
      List<Embedded> vectors,
      long lastVector) {}

  /**
   * The vector of a message.
   *
   * @param model that has made it
   */
  record Embedded(UUID message, String model, ByteVector vector) {}

  /**
   * Turns come newest first, which is not said to the database: it would sort their texts again.
   */
  private static final String LACKING =
      """
      SELECT usable, memory.version, memory.version = :version::uuid AS goes_on,
        CASE WHEN usable THEN %2$s END AS user_name, persona.name AS persona_name,
        memory.vectors AS last_vector, said.*
      FROM (SELECT %1$s AS usable) AS access
      LEFT JOIN persona_memory AS memory
        ON usable AND memory.user_id = :user_id AND memory.persona_id = :persona_id
      LEFT JOIN known_persona AS persona ON usable AND persona.persona_id = :persona_id
      LEFT JOIN LATERAL (
        SELECT turn.*, made.model, made.vector
        FROM (
          SELECT id, conversation_id, role, left(content, :characters) AS content, created_at,
            CASE WHEN jsonb_typeof(metadata -> 'speaker') = 'string'
              THEN left(metadata ->> 'speaker', 100) END AS speaker
          FROM chat_message
          WHERE memory.version IS NOT NULL AND user_id = :user_id AND persona_id = :persona_id
            AND id > CASE WHEN memory.version = :version::uuid THEN :after
              ELSE '00000000-0000-0000-0000-000000000000'::uuid END
          ORDER BY id DESC LIMIT :most) AS turn
        LEFT JOIN message_vector AS made
          ON made.user_id = :user_id AND made.persona_id = :persona_id
            AND made.message_id = turn.id AND memory.vectors > 0
        UNION ALL
        SELECT message_id, NULL, NULL, NULL, NULL, NULL, model, vector
        FROM message_vector
        WHERE memory.version = :version::uuid AND memory.vectors > :vectors
          AND user_id = :user_id AND persona_id = :persona_id
          AND position > :vectors AND message_id <= :after) AS said ON true
      """
          .formatted(Verdict.SQL, Facts.NAME_OF_USER_SQL);

  private final PersonaScope scope;
  private final RecallProperties properties;

  IndexRows(PersonaScope scope, RecallProperties properties) {
    this.scope = scope;
    this.properties = properties;
  }

  /**
   * What an index lacks, as of one moment.
   *
   * @param version of the history that is indexed; null when nothing is
   * @param after the last message that is indexed
   * @param vectors the position of the last vector that is indexed
   */
  Checked<Lacking> lacking(PairId pair, @Nullable UUID version, UUID after, long vectors) {
    return scope.call(
        pair,
        db ->
            db.sql(LACKING)
                .param("version", version == null ? null : version.toString(), Types.VARCHAR)
                .param("after", after)
                .param("vectors", vectors)
                .param("characters", CHARACTERS)
                .param("most", properties.turns())
                .withFetchSize(FETCHED_AT_ONCE)
                .query(IndexRows::read));
  }

  private static Checked<Lacking> read(ResultSet rows) throws SQLException {
    List<Spoken> turns = new ArrayList<>();
    List<Embedded> vectors = new ArrayList<>();
    long lastVector = 0;
    Verdict verdict = Verdict.UNKNOWN;
    UUID version = null;
    boolean goesOn = false;
    var names = new Names(null, null);
    int characters = 0;
    while (characters < ALL_CHARACTERS && rows.next()) {
      verdict = Verdict.of(rows, "usable");
      version = rows.getObject("version", UUID.class);
      goesOn = rows.getBoolean("goes_on");
      names = new Names(rows.getString("user_name"), rows.getString("persona_name"));
      lastVector = rows.getLong("last_vector");
      if (rows.getString("role") != null) {
        Spoken turn = turn(rows);
        characters += turn.text().length();
        turns.add(turn);
      }
      if (rows.getString("model") != null) {
        vectors.add(embedded(rows));
      }
    }
    turns.sort(Comparator.comparing(Spoken::id));
    return new Checked<>(verdict, new Lacking(version, goesOn, names, turns, vectors, lastVector));
  }

  private static Embedded embedded(ResultSet row) throws SQLException {
    return new Embedded(
        row.getObject("id", UUID.class),
        row.getString("model"),
        new ByteVector(row.getBytes("vector")));
  }

  private static Spoken turn(ResultSet row) throws SQLException {
    return new Spoken(
        row.getObject("id", UUID.class),
        row.getObject("conversation_id", UUID.class),
        Role.of(row.getString("role")),
        row.getString("speaker"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("content"));
  }
}
