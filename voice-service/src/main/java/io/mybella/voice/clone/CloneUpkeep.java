package io.mybella.voice.clone;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.voice.clone.CloneRepository.Removal;
import io.mybella.voice.clone.CloneRepository.ToClone;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.account.ElevenLabsAccount;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the clones at ElevenLabs in step with the samples: makes what is missing, deletes what is
 * no longer wanted, and repeats both with growing pauses until they succeed. Any number of replicas
 * may do this at the same time. Without a key everything waits until there is one.
 */
@Component
class CloneUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(CloneUpkeep.class);

  /** Longer than the longest call to ElevenLabs. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private final CloneRepository rows;
  private final BlobStore blobs;
  private final ElevenLabsAccount elevenLabs;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  CloneUpkeep(
      CloneRepository rows,
      BlobStore blobs,
      ElevenLabsAccount elevenLabs,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      Clock clock,
      MeterRegistry metrics) {
    this.rows = rows;
    this.blobs = blobs;
    this.elevenLabs = elevenLabs;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
    Gauge.builder("mybella.voice.clones.unfinished", rows, CloneRepository::unfinishedClones)
        .description("Clones whose samples are gone and that ElevenLabs has yet to delete")
        .register(metrics);
  }

  @Scheduled(fixedDelayString = "${mybella.voice.clones.pause:2s}")
  void catchUp() {
    transaction.executeWithoutResult(
        status -> rows.endMakings(clock.instant()).forEach(events::publishEvent));
    if (!elevenLabs.isConfigured()) {
      return;
    }
    Optional<ToClone> sample = rows.takeForCloning(clock.instant(), LEASE);
    while (sample.isPresent()) {
      make(sample.get());
      sample = rows.takeForCloning(clock.instant(), LEASE);
    }
    Optional<Removal> removal = rows.takeForRemoval(clock.instant(), LEASE);
    while (removal.isPresent()) {
      remove(removal.get());
      removal = rows.takeForRemoval(clock.instant(), LEASE);
    }
  }

  private void make(ToClone sample) {
    Optional<byte[]> sound = blobs.get(sample.blobKey());
    if (sound.isEmpty()) {
      notMade(sample, "sample_missing");
      return;
    }
    try {
      String clone =
          elevenLabs.clone("mybella-" + sample.personaId(), sound.get(), sample.mediaType());
      transaction.executeWithoutResult(
          status -> {
            if (!rows.cloned(sample.sampleId(), clone)) {
              // Replaced or erased while the clone was made: nobody wants it any more.
              rows.requestRemoval(clone, sample, clock.instant());
            }
          });
    } catch (ElevenLabsException e) {
      LOG.warn("No clone for persona {} yet: {}", sample.personaId(), e.failure().reason());
      notMade(sample, e.failure().reason());
    }
  }

  /** Whoever waits for a clone of a sample that is gone by now waits no longer. */
  private void notMade(ToClone sample, String reason) {
    transaction.executeWithoutResult(
        status -> {
          rows.notCloned(sample.sampleId(), reason, clock.instant());
          rows.endMaking(sample.sampleId()).ifPresent(events::publishEvent);
        });
  }

  private void remove(Removal removal) {
    try {
      elevenLabs.deleteClone(removal.cloneVoiceId());
      transaction.executeWithoutResult(
          status -> {
            rows.removed(removal.cloneVoiceId());
            events.publishEvent(removal.told());
          });
    } catch (ElevenLabsException e) {
      LOG.warn(
          "A clone of persona {} is still there: {}",
          removal.told().personaId(),
          e.failure().reason());
      rows.notRemoved(removal.cloneVoiceId(), e.failure().reason(), clock.instant());
    }
  }
}
