package io.mybella.voice.erasure;

import io.mybella.chassis.erasure.ErasureMarks;
import io.mybella.contracts.event.PersonaDeleted;
import io.mybella.voice.clone.CloneRemoved;
import io.mybella.voice.clone.Clones;
import io.mybella.voice.job.SpeechJobs;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.recording.Recordings;
import io.mybella.voice.sample.CustomVoices;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases a persona here. The receipt is given when nothing is left: at once, or, when the persona
 * had a clone, as soon as ElevenLabs has deleted it. A deletion that is told again is answered
 * again, with the sum of what was erased.
 */
@Service
public class PersonaErasure {

  private final ErasureMarks erasedPersonas;
  private final KnownPersonas personas;
  private final CustomVoices voices;
  private final Clones clones;
  private final SpeechJobs jobs;
  private final Recordings recordings;
  private final ApplicationEventPublisher events;
  private final TransactionTemplate transaction;

  PersonaErasure(
      ErasureMarks erasedPersonas,
      KnownPersonas personas,
      CustomVoices voices,
      Clones clones,
      SpeechJobs jobs,
      Recordings recordings,
      ApplicationEventPublisher events,
      TransactionTemplate transaction) {
    this.erasedPersonas = erasedPersonas;
    this.personas = personas;
    this.voices = voices;
    this.clones = clones;
    this.jobs = jobs;
    this.recordings = recordings;
    this.events = events;
    this.transaction = transaction;
  }

  /**
   * Buries a persona and then removes its files: an upload or a piece of a job either ends before
   * and is erased, or comes after and is refused. Waits for the blob store, so no transaction may
   * be under way.
   *
   * @return how many files of its own voice there were
   */
  @Transactional(propagation = Propagation.NEVER)
  public long eraseFiles(PersonaDeleted deleted) {
    transaction.executeWithoutResult(
        status -> personas.bury(deleted.personaId(), deleted.version()));
    recordings.eraseFilesOfPersona(deleted.personaId());
    jobs.eraseFilesOfPersona(deleted.personaId());
    return voices.eraseFiles(deleted.personaId());
  }

  /**
   * Erases everything else of a persona, as part of the transaction under way.
   *
   * @param files how many of its files were removed
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void erase(PersonaDeleted deleted, long files) {
    long id = deleted.personaId();
    erasedPersonas.set(id, deleted.erasureId());
    long clonesBefore = clones.unfinishedOfPersona(id);
    CustomVoices.Erased erased = voices.erase(id, files);
    erasedPersonas.count(
        id,
        Map.of(
            "voice_sample", erased.samples(),
            "blob", erased.blobs(),
            "clone", clones.unfinishedOfPersona(id) - clonesBefore,
            "speech_job", jobs.eraseOfPersona(id),
            "cached_audio", recordings.erasePersona(id)));
    completeUnlessClonesAreLeft(id);
  }

  /**
   * Two clones may be removed at the same time: whoever comes to the mark second sees both gone.
   */
  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  void completeWhenTheLastCloneIsGone(CloneRemoved removed) {
    if (erasedPersonas.lock(removed.personaId())) {
      completeUnlessClonesAreLeft(removed.personaId());
    }
  }

  private void completeUnlessClonesAreLeft(long id) {
    if (clones.unfinishedOfPersona(id) == 0) {
      erasedPersonas
          .complete(id)
          .ifPresent(
              erased ->
                  events.publishEvent(
                      new ErasureReceipt(erased.erasureId(), id, erased.counts(), erased.at())));
    }
  }
}
