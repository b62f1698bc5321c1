package io.mybella.voice.erasure;

import io.mybella.contracts.event.PersonaDeleted;
import io.mybella.voice.clone.CloneRemoved;
import io.mybella.voice.clone.Clones;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.recording.Recordings;
import io.mybella.voice.sample.CustomVoices;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases a persona here. The receipt is given when nothing is left: at once, or, when the persona
 * had a clone, as soon as ElevenLabs has deleted it.
 */
@Service
public class PersonaErasure {

  private final KnownPersonas personas;
  private final CustomVoices voices;
  private final Clones clones;
  private final Recordings recordings;
  private final JdbcClient database;
  private final ApplicationEventPublisher events;
  private final TransactionTemplate transaction;
  private final Clock clock;

  PersonaErasure(
      KnownPersonas personas,
      CustomVoices voices,
      Clones clones,
      Recordings recordings,
      JdbcClient database,
      ApplicationEventPublisher events,
      TransactionTemplate transaction,
      Clock clock) {
    this.personas = personas;
    this.voices = voices;
    this.clones = clones;
    this.recordings = recordings;
    this.database = database;
    this.events = events;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Buries a persona and then removes its files, what it said included: an upload either ends
   * before and is erased, or comes after and is refused. Waits for the blob store, so no
   * transaction may be under way.
   *
   * @return how many files there were of its voice
   */
  @Transactional(propagation = Propagation.NEVER)
  public long eraseFiles(PersonaDeleted deleted) {
    transaction.executeWithoutResult(
        status -> personas.bury(deleted.personaId(), deleted.version()));
    recordings.eraseFilesOfPersona(deleted.personaId());
    return voices.eraseFiles(deleted.personaId());
  }

  /**
   * Erases everything else of a persona, as part of the transaction under way.
   *
   * @param files how many of its files were removed
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void erase(PersonaDeleted deleted, long files) {
    CustomVoices.Erased erased = voices.erase(deleted.personaId(), files);
    long speeches = recordings.erasePersona(deleted.personaId());
    long left = clones.unfinishedOfPersona(deleted.personaId());
    if (left == 0) {
      tell(
          deleted.erasureId(),
          deleted.personaId(),
          new Counts(erased.samples(), erased.blobs(), 0),
          speeches);
    } else {
      database
          .sql(
              """
              insert into pending_erasure (erasure_id, persona_id, samples, blobs, clones, since)
              values (?, ?, ?, ?, ?, ?) on conflict do nothing
              """)
          .params(
              deleted.erasureId(),
              deleted.personaId(),
              erased.samples(),
              erased.blobs(),
              left,
              Timestamp.from(clock.instant()))
          .update();
    }
  }

  @EventListener
  @Transactional(propagation = Propagation.MANDATORY)
  void completeWhenTheLastCloneIsGone(CloneRemoved removed) {
    database
        .sql(
            """
            delete from pending_erasure p
            where persona_id = ? and not exists
              (select from unfinished_clone r where r.persona_id = p.persona_id)
            returning erasure_id, samples, blobs, clones
            """)
        .param(removed.personaId())
        .query(
            (row, number) ->
                Map.entry(
                    row.getObject("erasure_id", UUID.class),
                    new Counts(
                        row.getLong("samples"), row.getLong("blobs"), row.getLong("clones"))))
        .list()
        .forEach(pending -> tell(pending.getKey(), removed.personaId(), pending.getValue(), 0));
  }

  private void tell(UUID erasureId, long personaId, Counts counts, long speeches) {
    events.publishEvent(
        new ErasureReceipt(
            erasureId,
            personaId,
            Map.of(
                "voice_sample", counts.samples(),
                "blob", counts.blobs(),
                "clone", counts.clones(),
                "cached_audio", speeches),
            clock.instant()));
  }

  private record Counts(long samples, long blobs, long clones) {}
}
