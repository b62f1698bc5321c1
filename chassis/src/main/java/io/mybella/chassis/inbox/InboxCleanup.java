package io.mybella.chassis.inbox;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/** Forgets events that were handled long ago, so that the inbox does not grow for ever. */
final class InboxCleanup {

  private static final Logger log = LoggerFactory.getLogger(InboxCleanup.class);

  /** Small enough that no statement holds its locks for long. */
  private static final int BATCH = 10_000;

  private final JdbcClient database;
  private final InboxProperties properties;
  private final Clock clock;

  InboxCleanup(JdbcClient database, InboxProperties properties, Clock clock) {
    this.database = database;
    this.properties = properties;
    this.clock = clock;
  }

  /** Removes what is older than the retention; returns how many rows. */
  @Scheduled(initialDelay = 10, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  int removeOld() {
    int removed = 0;
    int batch;
    do {
      batch =
          database
              .sql(
                  """
                  delete from inbox_event where ctid in (
                      select ctid from inbox_event where received_at < ? limit ?)
                  """)
              .params(Timestamp.from(clock.instant().minus(properties.retention())), BATCH)
              .update();
      removed += batch;
    } while (batch == BATCH);
    log.debug("Forgot {} handled events", removed);
    return removed;
  }
}
