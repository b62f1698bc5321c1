package io.mybella.voice.job;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.blob.LooseBlobs;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Stored audio that no piece of a job refers to, see {@link LooseBlobs}. */
@Component
class LooseJobAudio {

  private final LooseBlobs loose;

  LooseJobAudio(
      JdbcClient database, BlobStore blobs, TransactionTemplate transaction, Clock clock) {
    this.loose = new LooseBlobs("loose_job_audio", blobs, database, transaction, clock);
  }

  /** Stores audio that belongs to no piece yet. */
  void store(String key, byte[] audio, long userId) {
    loose.store(key, audio, userId);
  }

  /** Says, in the transaction of the piece, that the audio belongs to it; false when swept away. */
  @Transactional(propagation = Propagation.MANDATORY)
  boolean take(String key) {
    return loose.take(key);
  }

  /** Says, in the transaction in which the pieces go, that nobody needs their audio any more. */
  @Transactional(propagation = Propagation.MANDATORY)
  void release(List<String> keys, long userId) {
    loose.releaseSoon(keys, userId);
  }

  /** Removes audio if it is loose; when that fails, the sweep tries again. */
  void discard(String key) {
    loose.discard(key);
  }

  /** Removes what was left loose. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    loose.sweep();
  }
}
