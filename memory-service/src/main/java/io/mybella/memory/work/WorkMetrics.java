package io.mybella.memory.work;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What operators watch, by {@code kind}: {@code mybella.memory.work.waiting} (pieces of work that
 * are due, counted up to 100,000), {@code mybella.memory.work.oldest.age} (seconds the first of
 * them has been due), {@code mybella.memory.work.failures} (turns that failed).
 */
@Component
class WorkMetrics {

  private static final int COUNTED = 100_000;

  private final MeterRegistry meters;

  WorkMetrics(MeterRegistry meters, WorkLedger ledger, List<WorkHandler> handlers) {
    this.meters = meters;
    for (WorkHandler handler : handlers) {
      WorkKind kind = handler.kind();
      failures(kind);
      gauge("mybella.memory.work.waiting", kind, () -> ledger.waiting(kind, COUNTED))
          .register(meters);
      gauge("mybella.memory.work.oldest.age", kind, () -> ledger.oldestAge(kind))
          .baseUnit("seconds")
          .register(meters);
    }
  }

  void failed(WorkKind kind) {
    failures(kind).increment();
  }

  private Counter failures(WorkKind kind) {
    return Counter.builder("mybella.memory.work.failures")
        .tag("kind", kind.name())
        .register(meters);
  }

  private static Gauge.Builder<?> gauge(String name, WorkKind kind, DoubleSupplier value) {
    return Gauge.builder(name, () -> number(value)).tag("kind", kind.name());
  }

  /** While the database is away the value is unknown, which a gauge says with NaN. */
  private static double number(DoubleSupplier value) {
    try {
      return value.getAsDouble();
    } catch (DataAccessException | TransactionException away) {
      return Double.NaN;
    }
  }
}
