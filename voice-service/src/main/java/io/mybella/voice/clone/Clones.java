package io.mybella.voice.clone;

import io.mybella.voice.sample.CustomVoice;
import io.mybella.voice.sample.WithdrawnSample;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The clones of samples, those that are gone included as long as ElevenLabs may hold them. */
@Service
public class Clones {

  /** A clone that speaks a lot costs a write each time this has passed. */
  private static final Duration NOTED_FOR = Duration.ofMinutes(5);

  private final CloneRepository rows;
  private final Clock clock;

  Clones(CloneRepository rows, Clock clock) {
    this.rows = rows;
    this.clock = clock;
  }

  /** Whether a voice id names a clone made here, which only its own persona may use. */
  public boolean isClone(String voiceId) {
    return rows.isClone(voiceId);
  }

  /** How many clones of a persona ElevenLabs may still hold although their samples are gone. */
  public long unfinishedOfPersona(long personaId) {
    return rows.unfinishedClonesOfPersona(personaId);
  }

  /** How many clones of a user ElevenLabs may still hold although their samples are gone. */
  public long unfinishedOf(long userId) {
    return rows.unfinishedClonesOf(userId);
  }

  /**
   * Says that a persona is to speak with its voice now. A clone that made room is made again, and
   * one that is there stays for a while; what was noted a few minutes ago is not noted again.
   */
  public void wanted(CustomVoice voice) {
    Instant now = clock.instant();
    Instant used = voice.cloneState().usedAt();
    if (voice.cloneState().resting()) {
      rows.wake(voice.id(), now);
    } else if (used != null && used.isBefore(now.minus(NOTED_FOR))) {
      rows.used(voice.id(), now);
    }
  }

  /** Says that a clone has spoken: whoever had to verify it has done so. */
  public void spoke(CustomVoice voice) {
    if (voice.cloneState().unverified() && voice.cloneVoiceId() != null) {
      rows.verified(voice.cloneVoiceId());
    }
  }

  /** Says that ElevenLabs does not know a clone any more: its sample is cloned anew. */
  public void lost(CustomVoice voice) {
    if (voice.cloneVoiceId() != null) {
      rows.lost(voice.cloneVoiceId(), clock.instant());
    }
  }

  /**
   * The clone of a sample that goes, or whose consent does, is noted for removal, also when it is
   * only being made.
   */
  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  void isWithdrawn(WithdrawnSample sample) {
    Instant now = clock.instant();
    if (sample.voice().cloneVoiceId() != null) {
      rows.requestRemoval(sample, now);
    } else if (sample.cloningUntil() != null && sample.cloningUntil().isAfter(now)) {
      rows.noteMaking(sample);
    }
  }
}
