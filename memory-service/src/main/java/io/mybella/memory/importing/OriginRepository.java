package io.mybella.memory.importing;

import io.mybella.memory.pair.PairQueries;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** What a pair has taken over, by the names of rows. */
@Repository
class OriginRepository {

  /**
   * Which of the rows of an installation were taken over.
   *
   * @return their keys, to what they became part of, where that has no name of its own
   */
  Map<String, Optional<UUID>> find(PairQueries db, String source, Collection<String> keys) {
    Map<UUID, String> byId =
        keys.stream().collect(Collectors.toMap(key -> idOf(source, key), Function.identity()));
    Map<String, Optional<UUID>> found = new HashMap<>();
    db.sql(
            """
            SELECT id, became FROM import_origin
            WHERE user_id = :user_id AND persona_id = :persona_id AND id = ANY (:ids::uuid[])
            """)
        .param("ids", byId.keySet().stream().map(UUID::toString).toArray(String[]::new))
        .query(
            (row, _) ->
                found.put(
                    byId.get(row.getObject("id", UUID.class)),
                    Optional.ofNullable(row.getObject("became", UUID.class))))
        .list();
    return found;
  }

  /** Whether another row was taken over into the same thing. */
  boolean isTaken(PairQueries db, UUID became) {
    return db.sql(
            """
            SELECT EXISTS (SELECT FROM import_origin
              WHERE user_id = :user_id AND persona_id = :persona_id AND became = :became)
            """)
        .param("became", became)
        .query(Boolean.class)
        .single();
  }

  /** Notes that rows were taken over, and what they became part of. */
  void keep(PairQueries db, String source, Map<String, Optional<UUID>> rows) {
    List<Map.Entry<String, Optional<UUID>>> all = List.copyOf(rows.entrySet());
    db.sql(
            """
            INSERT INTO import_origin (user_id, persona_id, id, became)
            SELECT :user_id, :persona_id, each.id, each.became
            FROM unnest(:ids::uuid[], :became::uuid[]) AS each (id, became)
            ON CONFLICT DO NOTHING
            """)
        .param(
            "ids",
            all.stream().map(row -> idOf(source, row.getKey()).toString()).toArray(String[]::new))
        .param("became", all.stream().map(row -> text(row.getValue())).toArray(String[]::new))
        .update();
  }

  private static @Nullable String text(Optional<UUID> id) {
    return id.map(UUID::toString).orElse(null);
  }

  private static UUID idOf(String source, String key) {
    return UUID.nameUUIDFromBytes((source + ":" + key).getBytes(StandardCharsets.UTF_8));
  }
}
