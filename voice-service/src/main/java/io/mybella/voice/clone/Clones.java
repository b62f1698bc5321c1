package io.mybella.voice.clone;

import io.mybella.voice.sample.RemovedSample;
import java.time.Clock;
import java.time.Instant;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The clones of samples, those that are gone included as long as ElevenLabs may hold them. */
@Service
public class Clones {

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

  /** The clone of a sample that goes is noted for removal, also when it is only being made. */
  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  void sampleGoes(RemovedSample sample) {
    Instant now = clock.instant();
    if (sample.voice().cloneVoiceId() != null) {
      rows.requestRemoval(sample, now);
    } else if (sample.cloningUntil() != null && sample.cloningUntil().isAfter(now)) {
      rows.noteMaking(sample);
    }
  }
}
