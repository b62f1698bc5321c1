package io.mybella.voice.elevenlabs.gate;

import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The slots in the database, as one instance sees them. */
@Repository
class SpeechSlotTable {

  /**
   * A waiting ticket that its instance has not renewed for so long and a wait more ends by itself.
   */
  private static final Duration SPARE = Duration.ofSeconds(3);

  /** More than any plan has: as many as ElevenLabs says. */
  private static final int NO_BOUND = 1000;

  private static final int LOOK_MILLIS = 250;

  private final UUID instance = UUID.randomUUID();
  private final DataSource source;
  private final JdbcClient database;
  private final int most;
  private final Duration lease;
  private final Duration waiting;

  SpeechSlotTable(DataSource source, ElevenLabsProperties properties) {
    this.source = source;
    this.database = JdbcClient.create(source);
    this.most = properties.concurrency() == 0 ? NO_BOUND : properties.concurrency();
    this.lease = properties.slotLease();
    this.waiting = properties.slotWait().plus(SPARE);
  }

  /**
   * Tells what has ended and what is wanted since the last turn, and renews what is held.
   *
   * @return all tickets of this instance that hold a slot
   */
  Set<UUID> turn(List<UUID> ended, List<UUID> wanted) {
    return new HashSet<>(
        database
            .sql(
                """
                select speech_slots_turn(?, ?::text[]::uuid[], ?::text[]::uuid[], ?,
                  make_interval(secs => ?), make_interval(secs => ?))
                """)
            .params(instance, texts(ended), texts(wanted), most, seconds(lease), seconds(waiting))
            .query(UUID.class)
            .list());
  }

  /** Says how many slots there are for all instances. */
  void resize(int size) {
    database.sql("update speech_slots set size = ? where size <> ?").params(size, size).update();
  }

  /**
   * Listens for what other instances hand out to this one, on a connection of its own.
   *
   * @param wanted as long as this says so
   * @param onNews told when it begins, and of each news
   */
  void listen(BooleanSupplier wanted, Runnable onNews) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("listen speech_slots");
      try {
        onNews.run();
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (wanted.getAsBoolean()) {
          PGNotification[] told = postgres.getNotifications(LOOK_MILLIS);
          if (told != null && told.length > 0) {
            onNews.run();
          }
        }
      } finally {
        statement.execute("unlisten speech_slots");
      }
    }
  }

  private static String[] texts(List<UUID> tickets) {
    return tickets.stream().map(UUID::toString).toArray(String[]::new);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
