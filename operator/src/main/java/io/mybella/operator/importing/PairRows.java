package io.mybella.operator.importing;

import io.mybella.operator.importing.Workbench.Pair;
import io.mybella.operator.importing.delivery.Batch;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.Outcome;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import io.mybella.operator.importing.delivery.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings what belongs to pairs and is no message. */
final class PairRows {

  private final Workbench bench;
  private final Recipient recipient;
  private final Tally tally;
  private final Progress progress;
  private final String table;
  private final int kind;
  private final Endpoint endpoint;

  PairRows(
      Workbench bench,
      Recipient recipient,
      Tally tally,
      Progress progress,
      String table,
      int kind,
      Endpoint endpoint) {
    this.bench = bench;
    this.recipient = recipient;
    this.tally = tally;
    this.progress = progress;
    this.table = table;
    this.kind = kind;
    this.endpoint = endpoint;
  }

  /** Puts a row into the words of the service; null when it counted it as one without a place. */
  @FunctionalInterface
  interface Telling {
    @Nullable Told of(String key, Pair pair, ResultSet row) throws SQLException;
  }

  void run(String what, Telling telling, String... columns)
      throws SQLException, PlatformUnavailable, InterruptedException {
    if (!bench.legacy().has(table)) {
      return;
    }
    progress.begin(what, bench.number("SELECT count(*) FROM work.other WHERE kind = " + kind));
    String query =
        """
        SELECT o.old_id, (SELECT max(l.at) FROM work.line l WHERE l.pair = o.pair) AS said, %s
        FROM work.other o JOIN main.%s t ON t.id = o.old_id
        WHERE o.kind = %d AND o.pair = ? ORDER BY o.at, o.old_id
        """
            .formatted(bench.legacy().select(table, "t", columns), table, kind);
    new Lanes(bench).each((pair, connection) -> pair(pair, connection, query, telling));
    progress.end();
  }

  private void pair(Pair pair, Connection connection, String query, Telling telling)
      throws SQLException, PlatformUnavailable, InterruptedException {
    Batch batch = new Batch();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, pair.id());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String key = table + ":" + rows.getLong("old_id");
          if (pair.obstacle().isPresent()) {
            tally.unplaced(key, pair.obstacle().get());
            progress.add(1);
            continue;
          }
          Told told = telling.of(key, pair, rows);
          if (told == null) {
            progress.add(1);
            continue;
          }
          Row row = told.toRow();
          if (!batch.hasRoomFor(row)) {
            send(pair, batch);
          }
          batch.add(row);
        }
      }
    }
    send(pair, batch);
  }

  private void send(Pair pair, Batch batch) throws PlatformUnavailable, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("user_id", pair.user());
    head.put("persona_id", pair.persona());
    for (Outcome outcome : recipient.deliver(endpoint, head, batch.take())) {
      tally.count(outcome);
      progress.add(1);
    }
  }
}
