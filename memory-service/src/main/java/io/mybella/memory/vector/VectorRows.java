package io.mybella.memory.vector;

import io.mybella.memory.fact.Facts;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Reads messages that lack a vector, and keeps the vectors of messages. */
@Repository
class VectorRows {

  /** So much of a message is in its vector: what a small model reads. */
  private static final int CHARACTERS = 1_600;

  /** … and so much of the one before it, which explains it. */
  private static final int CHARACTERS_BEFORE = 500;

  /**
   * A message with the one before it, as a model is given it.
   *
   * @param text not blank
   */
  record Passage(UUID message, String text) {}

  /**
   * Messages that lack a vector.
   *
   * @param version of the history that they are of; null when there is none
   * @param passages oldest first
   */
  record Lacking(@Nullable UUID version, List<Passage> passages) {

    List<String> texts() {
      return passages.stream().map(Passage::text).toList();
    }
  }

  /** Those before the mark of the model have one. */
  static final String LACKING =
      """
      SELECT memory.version, said.id, said.content, said.before_content,
        %1$s AS speaker, %2$s AS before_speaker
      FROM persona_memory AS memory
      CROSS JOIN LATERAL (SELECT %3$s AS name) AS the_user
      LEFT JOIN known_persona AS persona ON persona.persona_id = :persona_id
      LEFT JOIN LATERAL (
        SELECT lacking.*, before.role AS before_role, before.metadata AS before_metadata,
          left(before.content, :characters_before) AS before_content
        FROM (
          SELECT id, conversation_id, role, metadata, left(content, :characters) AS content
          FROM chat_message
          WHERE user_id = :user_id AND persona_id = :persona_id
            AND id >= COALESCE(
              CASE WHEN memory.embedded_by = :model THEN memory.embedded_before END,
              '00000000-0000-0000-0000-000000000000'::uuid)
            AND NOT EXISTS (
              SELECT FROM message_vector AS vector
              WHERE vector.user_id = :user_id AND vector.persona_id = :persona_id
                AND vector.message_id = chat_message.id AND vector.model = :model)
          ORDER BY id LIMIT :most) AS lacking
        LEFT JOIN LATERAL (
          SELECT conversation_id, role, metadata, content FROM chat_message
          WHERE user_id = :user_id AND persona_id = :persona_id AND id < lacking.id
          ORDER BY id DESC LIMIT 1) AS before
          ON before.conversation_id = lacking.conversation_id) AS said ON true
      WHERE memory.user_id = :user_id AND memory.persona_id = :persona_id
      ORDER BY said.id
      """
          .formatted(
              speaker("said.role", "said.metadata"),
              speaker("said.before_role", "said.before_metadata"),
              Facts.NAME_OF_USER_SQL);

  /** Whoever has spoken, as far as it is known. */
  private static String speaker(String role, String metadata) {
    return """
    CASE WHEN jsonb_typeof(%2$s -> 'speaker') = 'string' THEN left(%2$s ->> 'speaker', 100)
      ELSE CASE %1$s WHEN 'user' THEN COALESCE(the_user.name, 'User')
        WHEN 'assistant' THEN COALESCE(persona.name, 'Assistant') WHEN 'system' THEN 'System' END END\
    """
        .formatted(role, metadata);
  }

  /**
   * The row of the pair is locked, so that positions are in the order of commits; and the history
   * must be the one that was read: after an edit, say, it has another version.
   */
  static final String KEEP =
      """
      WITH memory AS (
        UPDATE persona_memory
        SET vectors = vectors + :number, embedded_by = :model, embedded_before = :last
        WHERE user_id = :user_id AND persona_id = :persona_id AND version = :version
        RETURNING vectors)
      INSERT INTO message_vector (user_id, persona_id, message_id, position, model, dimensions, vector)
      SELECT :user_id, :persona_id, made.id, memory.vectors - :number + made.nth, :model,
        octet_length(made.vector), made.vector
      FROM memory
      CROSS JOIN unnest(:ids::uuid[], :vectors::bytea[]) WITH ORDINALITY AS made (id, vector, nth)
      ON CONFLICT (user_id, persona_id, message_id) DO UPDATE
      SET position = excluded.position, model = excluded.model, dimensions = excluded.dimensions,
        vector = excluded.vector
      """;

  private final PersonaScope scope;

  VectorRows(PersonaScope scope) {
    this.scope = scope;
  }

  /**
   * The oldest messages that lack a vector of a model.
   *
   * @param most how many at most
   */
  Lacking lacking(PairId pair, String model, int most) {
    return scope.call(
        pair,
        db ->
            db.sql(LACKING)
                .param("model", model)
                .param("most", most)
                .param("characters", CHARACTERS)
                .param("characters_before", CHARACTERS_BEFORE)
                .query(VectorRows::read));
  }

  private static Lacking read(ResultSet rows) throws SQLException {
    List<Passage> passages = new ArrayList<>();
    UUID version = null;
    while (rows.next()) {
      version = rows.getObject("version", UUID.class);
      UUID id = rows.getObject("id", UUID.class);
      if (id != null) {
        String before = line(rows.getString("before_speaker"), rows.getString("before_content"));
        String own = line(rows.getString("speaker"), rows.getString("content"));
        passages.add(new Passage(id, before.isEmpty() ? own : before + "\n" + own));
      }
    }
    return new Lacking(version, passages);
  }

  private static String line(@Nullable String speaker, @Nullable String content) {
    if (content == null) {
      return "";
    }
    return speaker == null ? content : speaker + ": " + content;
  }

  /**
   * Keeps the vectors of messages, in the place of earlier ones; or none, when the history has
   * changed since they were read.
   *
   * @return how many were kept
   */
  int keep(PairId pair, Lacking lacking, String model, List<ByteVector> vectors) {
    List<Passage> passages = lacking.passages();
    return scope.<Integer>call(
        pair,
        db ->
            db.sql(KEEP)
                .param("version", lacking.version())
                .param("model", model)
                .param("number", passages.size())
                .param("last", passages.getLast().message())
                .param(
                    "ids",
                    passages.stream().map(each -> each.message().toString()).toArray(String[]::new))
                .param(
                    "vectors", vectors.stream().map(ByteVector::components).toArray(byte[][]::new))
                .update());
  }
}
