package io.mybella.chassis.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What operators watch: {@code mybella.outbox.depth} (rows waiting), {@code
 * mybella.outbox.oldest.age} (seconds the first one waits), {@code mybella.outbox.sent} (events
 * acknowledged by the broker), {@code mybella.outbox.blocked} (events it will never take), {@code
 * mybella.outbox.stalled.age} (seconds for which it has taken none of a topic; 0 when it does).
 */
final class OutboxMetrics {

  private static final long FLOWS = -1;

  private final MeterRegistry meters;
  private final Counter sent;

  /** When a topic stopped, in nanoseconds. */
  private final Map<String, AtomicLong> stops = new ConcurrentHashMap<>();

  OutboxMetrics(MeterRegistry meters, JdbcClient database) {
    this.meters = meters;
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

  /** The topic takes events. */
  void flows(String topic) {
    stop(topic).set(FLOWS);
  }

  /** The topic takes no events, from now on or still. */
  void stalls(String topic) {
    stop(topic).compareAndSet(FLOWS, System.nanoTime() & Long.MAX_VALUE);
  }

  private AtomicLong stop(String topic) {
    return stops.computeIfAbsent(
        topic,
        _ -> {
          var stop = new AtomicLong(FLOWS);
          Gauge.builder("mybella.outbox.stalled.age", stop, OutboxMetrics::seconds)
              .tag("topic", topic)
              .baseUnit("seconds")
              .register(meters);
          return stop;
        });
  }

  private static double seconds(AtomicLong stop) {
    long at = stop.get();
    return at == FLOWS ? 0 : ((System.nanoTime() & Long.MAX_VALUE) - at) / 1e9;
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
