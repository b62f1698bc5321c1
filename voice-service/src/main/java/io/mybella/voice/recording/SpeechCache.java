package io.mybella.voice.recording;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.blob.LooseBlobs;
import io.mybella.voice.recording.CachedSpeechRepository.Cached;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finished speech in the blob store, where all instances find it: so much of it, and for so long
 * after it was last used. A file is loose until a row takes it, see {@link LooseBlobs}.
 */
@Component
class SpeechCache {

  /** Each holds a whole speech in memory. */
  private static final int FETCHES_AT_ONCE = 4;

  private final Semaphore fetches = new Semaphore(FETCHES_AT_ONCE);
  private final RecordingProperties properties;
  private final CachedSpeechRepository rows;
  private final BlobStore blobs;
  private final LooseBlobs loose;
  private final TransactionTemplate transaction;
  private final Clock clock;

  SpeechCache(
      RecordingProperties properties,
      CachedSpeechRepository rows,
      BlobStore blobs,
      JdbcClient database,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.properties = properties;
    this.rows = rows;
    this.blobs = blobs;
    this.loose = new LooseBlobs("loose_speech", blobs, database, transaction, clock);
    this.transaction = transaction;
    this.clock = clock;
    Gauge.builder("mybella.voice.recordings.loose", loose, LooseBlobs::count)
        .description("Stored files of speech that nothing refers to and that are yet to be removed")
        .strongReference(true)
        .register(metrics);
  }

  /**
   * A speech that was kept. Waits for the blob store when there is one.
   *
   * @throws InterruptedException while too many are being fetched
   */
  Optional<Kept> find(SpeechKey key) throws InterruptedException {
    Optional<Cached> cached = rows.use(key, clock.instant());
    return cached.isEmpty() ? Optional.empty() : fetch(cached.get());
  }

  private Optional<Kept> fetch(Cached cached) throws InterruptedException {
    fetches.acquire();
    try {
      Optional<byte[]> audio = blobs.get(cached.blobKey());
      if (audio.isEmpty()) {
        rows.delete(cached);
      }
      return audio.map(bytes -> new Kept(cached.id(), bytes));
    } finally {
      fetches.release();
    }
  }

  /** The key of a speech that a user has had spoken by a persona. */
  Optional<SpeechKey> find(UUID id, long userId, long personaId) {
    return rows.find(id, userId, personaId);
  }

  /** Whether a speech of so many bytes would be kept. */
  boolean takes(long bytes) {
    return bytes <= properties.cacheEntry().toBytes();
  }

  /** Keeps a speech, unless it is kept already or whoever it belongs to is gone. */
  void keep(UUID id, SpeechKey key, byte[] audio) {
    String blob =
        "%s%s.%s"
            .formatted(
                folder(key.userId(), key.personaId()),
                id,
                key.format().name().toLowerCase(Locale.ROOT));
    try {
      loose.store(blob, audio);
      transaction.executeWithoutResult(
          status -> {
            if (!loose.take(blob) || !rows.insert(id, key, blob, audio.length, clock.instant())) {
              status.setRollbackOnly();
            }
          });
    } finally {
      // Without effect on a file that was taken.
      loose.discard(blob);
    }
  }

  /** Removes what is too old and too much, and what was left loose. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    List<String> gone =
        Objects.requireNonNull(
            transaction.execute(
                _ -> {
                  Instant before = clock.instant().minus(properties.cacheFor());
                  List<String> files = rows.evict(before, properties.cache().toBytes());
                  files.forEach(loose::release);
                  return files;
                }));
    gone.forEach(loose::discard);
    loose.sweep();
  }

  /** Removes the files of a persona of which no more are kept. Waits for the blob store. */
  @Transactional(propagation = Propagation.NEVER)
  void eraseFilesOfPersona(long personaId) {
    rows.filesOfPersona(personaId).forEach(blobs::delete);
  }

  /** Removes the files of a user of whom no more are kept. Waits for the blob store. */
  @Transactional(propagation = Propagation.NEVER)
  void eraseFilesOfUser(long userId) {
    blobs.deleteAll("speech/" + userId + "/");
  }

  /** Forgets what a persona said, in the transaction under way; returns the digests. */
  @Transactional(propagation = Propagation.MANDATORY)
  Set<String> erasePersona(long personaId) {
    return new HashSet<>(rows.deleteOfPersona(personaId));
  }

  /** Forgets what was said to a user, in the transaction under way; returns the digests. */
  @Transactional(propagation = Propagation.MANDATORY)
  Set<String> eraseUser(long userId) {
    return new HashSet<>(rows.deleteOfUser(userId));
  }

  private static String folder(long userId, long personaId) {
    return "speech/%d/%d/".formatted(userId, personaId);
  }

  /**
   * A speech that was kept.
   *
   * @param id what it is known by
   * @param audio all of it
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Kept(UUID id, byte[] audio) {}
}
