package io.mybella.memory.recall;

import io.mybella.memory.history.Message;
import io.mybella.memory.history.MessageRow;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Reads messages that were found, as they are now: what is gone meanwhile is not among them. */
@Repository
class RecalledRows {

  /** The bytes of content and metadata of one answer, in UTF-8, as with pages of the history. */
  private static final int BYTES = 256 * 1024;

  /**
   * A message and its neighbours.
   *
   * @param place of its id among those that were looked for, from 0
   */
  record Found(int place, Message message, @Nullable Message before, @Nullable Message after) {}

  private record Row(int place, int beside, Message message) {}

  /** Beside a message: 0 itself, -1 the one before it, 1 the one after it. */
  private static final String FOUND =
      """
      SELECT usable, found.*
      FROM (SELECT %1$s AS usable) AS access
      LEFT JOIN LATERAL (
        SELECT * FROM (
          SELECT message.*, place, :bytes >= sum(LEAST(:bytes, octet_length(content)
              + COALESCE(octet_length(metadata::text), 0))) OVER (ORDER BY place, abs(beside), beside)
            AS fits
          FROM unnest(:ids::uuid[]) WITH ORDINALITY AS hit (hit_id, place)
          CROSS JOIN LATERAL (
            (SELECT %2$s, 0 AS beside FROM chat_message
             WHERE usable AND user_id = :user_id AND persona_id = :persona_id AND id = hit_id LIMIT 1)
            UNION ALL
            (SELECT %2$s, -1 FROM chat_message
             WHERE usable AND :neighbours AND user_id = :user_id AND persona_id = :persona_id
               AND id < hit_id
             ORDER BY id DESC LIMIT 1)
            UNION ALL
            (SELECT %2$s, 1 FROM chat_message
             WHERE usable AND :neighbours AND user_id = :user_id AND persona_id = :persona_id
               AND id > hit_id
             ORDER BY id LIMIT 1)) AS message) AS sized
        WHERE fits) AS found ON true
      ORDER BY place
      """
          .formatted(Verdict.SQL, MessageRow.COLUMNS);

  private final PersonaScope scope;

  RecalledRows(PersonaScope scope) {
    this.scope = scope;
  }

  /**
   * Those messages that are there, in the order of their ids here, as many as fit into {@value
   * #BYTES} bytes.
   *
   * @param neighbours whether the messages next to them are read as well
   */
  Checked<List<Found>> find(PairId pair, List<UUID> ids, boolean neighbours) {
    return scope.call(
        pair,
        db ->
            db.sql(FOUND)
                .param("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                .param("neighbours", neighbours)
                .param("bytes", BYTES)
                .query(RecalledRows::read));
  }

  private static Checked<List<Found>> read(ResultSet rows) throws SQLException {
    List<Row> all = new ArrayList<>();
    Verdict verdict = Verdict.UNKNOWN;
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      if (rows.getObject("id") != null) {
        all.add(new Row(rows.getInt("place"), rows.getInt("beside"), MessageRow.read(rows)));
      }
    }
    List<Found> found =
        all.stream().filter(row -> row.beside() == 0).map(row -> found(row, all)).toList();
    return new Checked<>(verdict, found);
  }

  private static Found found(Row row, List<Row> all) {
    return new Found(row.place() - 1, row.message(), beside(row, -1, all), beside(row, 1, all));
  }

  /** Its neighbour in the same conversation. */
  private static @Nullable Message beside(Row row, int side, List<Row> all) {
    return all.stream()
        .filter(each -> each.place() == row.place() && each.beside() == side)
        .map(Row::message)
        .filter(each -> each.conversationId().equals(row.message().conversationId()))
        .findFirst()
        .orElse(null);
  }
}
