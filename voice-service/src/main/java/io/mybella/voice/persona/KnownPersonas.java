package io.mybella.voice.persona;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.contracts.event.PersonaSnapshot;
import io.mybella.voice.persona.KnownPersonaRepository.Row;
import io.mybella.voice.persona.KnownPersonaRepository.State;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Who the personas are and to whom they belong. A persona that is missing here is asked for once at
 * persona-service, because its event may be a moment behind.
 */
@Service
public class KnownPersonas {

  private final KnownPersonaRepository rows;
  private final PersonaClient personaService;
  private final Clock clock;

  KnownPersonas(KnownPersonaRepository rows, PersonaClient personaService, Clock clock) {
    this.rows = rows;
    this.personaService = personaService;
    this.clock = clock;
  }

  /**
   * A persona that the caller may hear: a system persona or one of their own.
   *
   * @throws Problem 404 when there is none, be it missing, deleted or another user's, and when the
   *     caller's account is gone; 503 when that cannot be found out
   */
  public KnownPersona visibleTo(Caller caller, long id) {
    return rows.find(id, caller.userId())
        .or(() -> askedFor(caller, id))
        .filter(row -> row.state() == State.ACTIVE)
        .map(Row::persona)
        .filter(persona -> persona.isVisibleTo(caller.userId()))
        .orElseThrow(KnownPersonas::notFound);
  }

  /** What a persona is to a user, as far as events have told. */
  public sealed interface Standing {

    /** No event has told of it yet. */
    record Unknown() implements Standing {}

    /** It was deleted, or the user's account was. */
    record Gone() implements Standing {}

    /** It is the user's, and is switched off. */
    record SwitchedOff() implements Standing {}

    /** It is somebody else's, or the system's. */
    record OfAnother() implements Standing {}

    /** It is the user's, and its voice may be changed. */
    record Own(KnownPersona persona) implements Standing {}
  }

  /** What a persona is to a user. Nobody is asked: an import waits for the event. */
  public Standing standing(long userId, long id) {
    return rows.find(id, userId).map(row -> standing(userId, row)).orElseGet(Standing.Unknown::new);
  }

  private static Standing standing(long userId, Row row) {
    if (row.state() == State.DELETED) {
      return new Standing.Gone();
    }
    KnownPersona persona = row.persona();
    if (persona.isSystem() || !persona.isVisibleTo(userId)) {
      return new Standing.OfAnother();
    }
    return row.state() == State.ACTIVE ? new Standing.Own(persona) : new Standing.SwitchedOff();
  }

  /**
   * A persona whose voice the caller may change.
   *
   * @throws Problem as {@link #visibleTo}, and 403 for a system persona
   */
  public KnownPersona ownedBy(Caller caller, long id) {
    KnownPersona persona = visibleTo(caller, id);
    if (persona.isSystem()) {
      throw Problem.forbidden("You can only change the voice of your own personas");
    }
    return persona;
  }

  /**
   * Keeps a persona alive and unchanged until the transaction under way ends, and counts up the
   * version of its voice. A deletion waits for that transaction, or has won and refuses it.
   *
   * @return the new version, from 1
   * @throws Problem 404 when the persona has been deleted or suspended in the meantime
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public long lockForVoiceChange(KnownPersona persona) {
    Row row = rows.lock(persona.id()).orElseThrow(KnownPersonas::notFound);
    if (row.state() != State.ACTIVE) {
      throw notFound();
    }
    return rows.nextVoiceVersion(persona.id());
  }

  /**
   * Keeps a persona alive until the transaction under way ends. A deletion waits for that
   * transaction, or has won and refuses it.
   *
   * @throws Problem 404 when the persona has been deleted or suspended in the meantime
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void keepAlive(long id) {
    if (rows.share(id).filter(row -> row.state() == State.ACTIVE).isEmpty()) {
      throw notFound();
    }
  }

  /** Takes over what an event says of a persona, unless something newer is known. */
  @Transactional
  public void note(PersonaSnapshot snapshot) {
    rows.upsert(
        snapshot.personaId(),
        snapshot.ownerUserId(),
        snapshot.name(),
        snapshot.voiceId(),
        snapshot.isActive() ? State.ACTIVE : State.INACTIVE,
        snapshot.version(),
        clock.instant());
  }

  /** Marks a persona as deleted for good, whether or not it was known. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void bury(long id, long version) {
    rows.bury(id, version, clock.instant());
  }

  /**
   * Has all personas of a user take no change any more, until they are {@linkplain #buryAllOf
   * buried}.
   *
   * @return their ids
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Long> suspendAllOf(long userId) {
    return rows.suspendAllOf(userId);
  }

  /** Marks all personas of a user as deleted for good. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void buryAllOf(long userId) {
    rows.buryAllOf(userId, clock.instant());
  }

  private Optional<Row> askedFor(Caller caller, long id) {
    return personaService
        .find(id)
        .flatMap(
            profile -> {
              // persona-service shows a user system personas and their own, never anybody else's.
              Long owner = profile.isCustom() ? caller.userId() : null;
              rows.insertIfUnknown(id, owner, profile.name(), profile.voiceId(), clock.instant());
              return rows.find(id, caller.userId());
            });
  }

  private static Problem notFound() {
    return Problem.notFound("Persona not found");
  }
}
