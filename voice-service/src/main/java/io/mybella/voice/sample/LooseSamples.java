package io.mybella.voice.sample;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.problem.Problem;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stored files that no sample refers to.
 *
 * <p>A blob store knows no transactions. So a file is written down as loose before it is stored;
 * the sample that takes it strikes it off that list, and a sample that goes puts its file there,
 * each in its own transaction. What is on the list is removed: at once after the commit, and by a
 * sweep when that did not happen.
 *
 * <p>An erasure leaves the list alone: it removes the files of a persona whether they are loose or
 * not, and one that an upload stores a moment later is still on the list.
 */
@Component
class LooseSamples {

  private static final Logger LOG = LoggerFactory.getLogger(LooseSamples.class);

  /** Longer than any upload takes from storing the file to committing the sample. */
  private static final Duration LOOSE_FOR = Duration.ofMinutes(10);

  private static final int AT_ONCE = 1000;

  private final JdbcClient database;
  private final BlobStore blobs;
  private final TransactionTemplate transaction;
  private final Clock clock;

  LooseSamples(
      JdbcClient database,
      BlobStore blobs,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.database = database;
    this.blobs = blobs;
    this.transaction = transaction;
    this.clock = clock;
    Gauge.builder("mybella.voice.samples.loose", this, LooseSamples::count)
        .description("Stored files that no sample refers to and that have yet to be removed")
        .register(metrics);
  }

  /** Stores a file that belongs to no sample yet. */
  void store(String key, byte[] file) {
    add(key);
    blobs.put(key, file);
  }

  /** Says, in the transaction of the sample, that the file belongs to it now. */
  @Transactional(propagation = Propagation.MANDATORY)
  void take(String key) {
    if (!strikeOff(key)) {
      // Swept away meanwhile: the upload took longer than any should.
      throw Problem.unavailable("The voice file could not be kept", Duration.ofSeconds(1));
    }
  }

  /** Says, in the transaction in which the sample goes, that nobody needs the file any more. */
  @Transactional(propagation = Propagation.MANDATORY)
  void release(String key) {
    add(key);
  }

  /**
   * Removes a file if it is loose; one that was taken stays. The caller's work is done or refused
   * by then, and must not look otherwise: when this fails, the sweep tries again.
   */
  void discard(String key) {
    try {
      remove(key);
    } catch (RuntimeException e) {
      LOG.warn("{} stays until the next sweep", key, e);
    }
  }

  /** Removes what was left loose, by a crash or while the blob store was away. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    looseFor(LOOSE_FOR).forEach(this::remove);
  }

  private List<String> looseFor(Duration age) {
    return database
        .sql("select blob_key from loose_sample where since < ? order by since limit ?")
        .params(Timestamp.from(clock.instant().minus(age)), AT_ONCE)
        .query(String.class)
        .list();
  }

  private void remove(String key) {
    transaction.executeWithoutResult(
        status -> {
          // Whoever wants to take the file waits for this row, and then finds it gone.
          if (strikeOff(key)) {
            blobs.delete(key);
          }
        });
  }

  private void add(String key) {
    database
        .sql("insert into loose_sample (blob_key, since) values (?, ?)")
        .params(key, Timestamp.from(clock.instant()))
        .update();
  }

  private boolean strikeOff(String key) {
    return database.sql("delete from loose_sample where blob_key = ?").param(key).update() == 1;
  }

  private long count() {
    return database.sql("select count(*) from loose_sample").query(Long.class).single();
  }
}
