package io.mybella.voice.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.voice.speech.VoiceSource;
import java.util.function.DoubleSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What operators watch, and what scaling goes by: {@code mybella.voice.jobs.unfinished} by {@code
 * state} (counted up to 100,000), {@code mybella.voice.jobs.oldest.wait} (seconds), {@code
 * mybella.voice.jobs.ended} by {@code state}, {@code mybella.voice.jobs.pieces} by {@code source}
 * and {@code mybella.voice.jobs.repeated} (jobs taken up once more, of which a piece may have been
 * paid for twice).
 */
@Component
class JobMetrics {

  private static final int COUNTED = 100_000;

  private final MeterRegistry meters;

  JobMetrics(MeterRegistry meters, JobRepository rows) {
    this.meters = meters;
    for (JobState state : new JobState[] {JobState.QUEUED, JobState.RUNNING}) {
      Gauge.builder(
              "mybella.voice.jobs.unfinished", () -> number(() -> rows.unfinished(state, COUNTED)))
          .tag("state", state.wireName())
          .register(meters);
    }
    Gauge.builder("mybella.voice.jobs.oldest.wait", () -> number(rows::longestWait))
        .baseUnit("seconds")
        .register(meters);
    // They stand there from the start, so that a rate is seen from the first one on.
    repetitions();
    ends(JobState.COMPLETED);
    ends(JobState.FAILED);
    for (VoiceSource source : VoiceSource.values()) {
      pieces(source.wireName());
    }
  }

  void ended(JobState state) {
    ends(state).increment();
  }

  void said(String source) {
    pieces(source).increment();
  }

  void repeated() {
    repetitions().increment();
  }

  private Counter ends(JobState state) {
    return meters.counter("mybella.voice.jobs.ended", "state", state.wireName());
  }

  private Counter pieces(String source) {
    return meters.counter("mybella.voice.jobs.pieces", "source", source);
  }

  private Counter repetitions() {
    return meters.counter("mybella.voice.jobs.repeated");
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
