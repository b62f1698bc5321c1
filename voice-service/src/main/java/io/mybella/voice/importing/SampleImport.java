package io.mybella.voice.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.sample.CustomVoices;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/** Brings the voice samples of an old installation here, each of them once. */
@Service
public class SampleImport {

  /** Beside those that users upload: a sample is held in memory while it is judged. */
  private static final int AT_ONCE = 1;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final OriginRepository origins;
  private final KnownPersonas personas;
  private final CustomVoices voices;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  SampleImport(OriginRepository origins, KnownPersonas personas, CustomVoices voices) {
    this.origins = origins;
    this.personas = personas;
    this.voices = voices;
  }

  /**
   * Gives a persona the sample that it had, judged as an upload is. Nobody's consent to clone it
   * comes along. A sample that the persona has here stays.
   *
   * @param source names the installation
   * @param key names the file there
   * @throws Problem 409 when no event has told of the persona yet, 503 when there is no time for it
   *     now
   */
  public RowResult importOne(String source, String key, long userId, long personaId, byte[] file) {
    return switch (personas.standing(userId, personaId)) {
      case KnownPersonas.Standing.Unknown() ->
          throw Problem.conflict("The persona is not known yet");
      case KnownPersonas.Standing.Gone() -> RowResult.deletedSince(key);
      case KnownPersonas.Standing.SwitchedOff() ->
          RowResult.skipped(key, "the persona is not offered, and has no voice meanwhile");
      case KnownPersonas.Standing.OfAnother() ->
          RowResult.skipped(key, "the persona is not this user's");
      case KnownPersonas.Standing.Own(KnownPersona persona) -> give(source, key, persona, file);
    };
  }

  private RowResult give(String source, String key, KnownPersona persona, byte[] file) {
    boolean has = voices.of(persona).isPresent();
    if (origins.isTaken(source, key)) {
      return has ? RowResult.present(key, persona.id()) : RowResult.deletedSince(key);
    }
    if (has) {
      return RowResult.present(key, persona.id(), "the persona has a sample already");
    }
    try {
      replace(persona, file, () -> origins.keep(source, key, persona.id()));
      return RowResult.imported(key, persona.id(), null);
    } catch (Problem refused) {
      if (refused.status().is5xxServerError()) {
        throw refused;
      }
      if (refused.status() == HttpStatus.NOT_FOUND) {
        throw Problem.conflict("The persona has changed meanwhile; send the file again");
      }
      return RowResult.skipped(key, refused.detail());
    }
  }

  private void replace(KnownPersona persona, byte[] file, Runnable along) {
    boolean placed = false;
    try {
      placed = places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (!placed) {
        throw Problem.unavailable("Another voice file is being imported right now", PATIENCE);
      }
      voices.replace(persona, file, false, along);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The service is stopping", PATIENCE);
    } finally {
      if (placed) {
        places.release();
      }
    }
  }
}
