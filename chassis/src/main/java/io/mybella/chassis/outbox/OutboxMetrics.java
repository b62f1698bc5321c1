package io.mybella.chassis.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What operators watch: {@code mybella.outbox.depth} (rows waiting), {@code
 * mybella.outbox.oldest.age} (seconds the first one waits), {@code mybella.outbox.sent} (events
 * acknowledged by the broker).
 */
final class OutboxMetrics {

  private final Counter sent;

  OutboxMetrics(MeterRegistry meters, JdbcClient database) {
    this.sent = Counter.builder("mybella.outbox.sent").register(meters);
    Gauge.builder(
            "mybella.outbox.depth", () -> number(database, "select count(*) from outbox_event"))
        .register(meters);
    Gauge.builder(
            "mybella.outbox.blocked",
            () ->
                number(database, "select count(*) from outbox_event where blocked_at is not null"))
        .register(meters);
    Gauge.builder(
            "mybella.outbox.oldest.age",
            () ->
                number(
                    database,
                    """
                    select coalesce(extract(epoch from clock_timestamp() - min(occurred_at)), 0)
                    from outbox_event
                    """))
        .baseUnit("seconds")
        .register(meters);
  }

  void sent(int events) {
    sent.increment(events);
  }

  /** While the database is away the value is unknown, which a gauge says with NaN. */
  private static double number(JdbcClient database, String sql) {
    try {
      return database.sql(sql).query(Double.class).single();
    } catch (DataAccessException away) {
      return Double.NaN;
    }
  }
}
