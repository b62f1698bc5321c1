package io.mybella.voice.clone;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.voice.clone.CloneRepository.Removal;
import io.mybella.voice.clone.CloneRepository.ToClone;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure.Kind;
import io.mybella.voice.elevenlabs.account.ElevenLabsAccount;
import io.mybella.voice.elevenlabs.account.MadeClone;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the clones at ElevenLabs in step with the samples: makes what is missing, deletes what is
 * no longer wanted, and repeats both with growing pauses until they succeed. When the account is
 * full, the clone that was not used for longest makes room. Any number of replicas may do this at
 * the same time. Without a key everything waits until there is one.
 */
@Component
class CloneUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(CloneUpkeep.class);

  /** Longer than the longest call to ElevenLabs. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  /** A plan without clones seldom becomes one with them, and each attempt sends a sample. */
  private static final Duration PLANS_LAST = Duration.ofHours(6);

  private final CloneProperties properties;
  private final CloneRepository rows;
  private final BlobStore blobs;
  private final ElevenLabsAccount elevenLabs;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  CloneUpkeep(
      CloneProperties properties,
      CloneRepository rows,
      BlobStore blobs,
      ElevenLabsAccount elevenLabs,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      Clock clock,
      MeterRegistry metrics) {
    this.properties = properties;
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
    Set<UUID> roomWasMadeFor = new HashSet<>();
    removeAll();
    Optional<ToClone> sample = rows.takeForCloning(clock.instant(), LEASE);
    while (sample.isPresent()) {
      make(sample.get(), roomWasMadeFor);
      // What is removed is room for the next one.
      removeAll();
      sample = rows.takeForCloning(clock.instant(), LEASE);
    }
  }

  private void make(ToClone sample, Set<UUID> roomWasMadeFor) {
    Optional<byte[]> sound = blobs.get(sample.blobKey());
    if (sound.isEmpty()) {
      notMade(sample, "sample_missing", Duration.ZERO);
      return;
    }
    try {
      MadeClone clone =
          elevenLabs.clone("mybella-" + sample.personaId(), sound.get(), sample.mediaType());
      transaction.executeWithoutResult(
          status -> {
            if (!rows.cloned(sample, clone, clock.instant())) {
              // Replaced, erased or forbidden while the clone was made: nobody wants it any more.
              rows.requestRemoval(clone.voiceId(), sample, clock.instant());
            }
          });
    } catch (ElevenLabsException e) {
      Kind kind = e.failure().kind();
      if (kind == Kind.VOICE_LIMIT
          && roomWasMadeFor.add(sample.sampleId())
          && makeRoomFor(sample)) {
        LOG.info("The account is full: a clone makes room for persona {}", sample.personaId());
        return;
      }
      LOG.warn("No clone for persona {} yet: {}", sample.personaId(), e.failure().reason());
      notMade(sample, e.failure().reason(), kind == Kind.NOT_IN_PLAN ? PLANS_LAST : Duration.ZERO);
    }
  }

  private boolean makeRoomFor(ToClone sample) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              Instant now = clock.instant();
              boolean room = rows.makeRoom(now.minus(properties.keep()), now);
              if (room) {
                rows.cloneAgain(sample, now);
                rows.endMaking(sample).ifPresent(events::publishEvent);
              }
              return room;
            }));
  }

  /** Whoever waits for a clone that nobody wants by now waits no longer. */
  private void notMade(ToClone sample, String reason, Duration atLeast) {
    transaction.executeWithoutResult(
        status -> {
          rows.notCloned(sample, reason, clock.instant(), atLeast);
          rows.endMaking(sample).ifPresent(events::publishEvent);
        });
  }

  private void removeAll() {
    Optional<Removal> removal = rows.takeForRemoval(clock.instant(), LEASE);
    while (removal.isPresent()) {
      remove(removal.get());
      removal = rows.takeForRemoval(clock.instant(), LEASE);
    }
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
