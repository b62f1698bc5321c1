package io.mybella.voice.sample;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.blob.LooseBlobs;
import io.mybella.chassis.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stored files that no sample refers to, see {@link LooseBlobs}.
 *
 * <p>An erasure leaves the list alone: it removes the files of a persona whether they are loose or
 * not, and one that an upload stores a moment later is still on the list.
 */
@Component
class LooseSamples {

  private final LooseBlobs loose;

  LooseSamples(
      JdbcClient database,
      BlobStore blobs,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.loose = new LooseBlobs("loose_sample", blobs, database, transaction, clock);
    Gauge.builder("mybella.voice.samples.loose", loose, LooseBlobs::count)
        .description("Stored files that no sample refers to and that have yet to be removed")
        .strongReference(true)
        .register(metrics);
  }

  /** Stores a file that belongs to no sample yet. */
  void store(String key, byte[] file) {
    loose.store(key, file);
  }

  /** Says, in the transaction of the sample, that the file belongs to it now. */
  @Transactional(propagation = Propagation.MANDATORY)
  void take(String key) {
    if (!loose.take(key)) {
      throw Problem.unavailable("The voice file could not be kept", Duration.ofSeconds(1));
    }
  }

  /** Says, in the transaction in which the sample goes, that nobody needs the file any more. */
  @Transactional(propagation = Propagation.MANDATORY)
  void release(String key) {
    loose.release(key);
  }

  /** Removes a file if it is loose; when that fails, the sweep tries again. */
  void discard(String key) {
    loose.discard(key);
  }

  /** Removes what was left loose. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    loose.sweep();
  }
}
