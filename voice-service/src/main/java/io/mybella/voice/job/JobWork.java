package io.mybella.voice.job;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.speech.PersonaSpeech;
import io.mybella.voice.speech.Speech;
import io.mybella.voice.speech.VoiceSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Speaks one job, piece after piece. Each piece is stored as soon as it is said, so whoever takes
 * the job up after a crash goes on where it ended; only the piece that was being said is said, and
 * paid for, once more. All pieces have one voice: when another one answers midway, the job begins
 * anew after a pause, the last time with the default voice.
 */
@Component
class JobWork {

  private static final Logger log = LoggerFactory.getLogger(JobWork.class);

  /** Far more than the 800 characters of a piece can take at 192 kbit/s. */
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final JobRepository rows;
  private final LooseJobAudio loose;
  private final KnownPersonas personas;
  private final PersonaSpeech speech;
  private final JobProperties properties;
  private final JobMetrics metrics;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final IdGenerator ids;
  private final Clock clock;

  JobWork(
      JobRepository rows,
      LooseJobAudio loose,
      KnownPersonas personas,
      PersonaSpeech speech,
      JobProperties properties,
      JobMetrics metrics,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      IdGenerator ids,
      Clock clock) {
    this.rows = rows;
    this.loose = loose;
    this.personas = personas;
    this.speech = speech;
    this.properties = properties;
    this.metrics = metrics;
    this.transaction = transaction;
    this.events = events;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Does what is left of a job.
   *
   * @param held whether the worker still has it; asked by whoever waits for a sound, too
   */
  void work(Claim claim, Held held) {
    if (claim.attempts() > 1) {
      metrics.repeated();
    }
    try {
      say(claim, held);
      complete(claim);
    } catch (ListenerGoneException | NotMineException e) {
      log.debug("{} is not this worker's any more", claim, e);
    } catch (Problem problem) {
      refused(claim, problem);
    } catch (OtherVoiceException e) {
      forget(claim);
      failed(claim, "voice_changed");
    } catch (IOException e) {
      log.warn("{} broke off: {}", claim, e.getMessage());
      failed(claim, "speech_broke_off");
    } catch (RuntimeException e) {
      log.error("{} failed", claim, e);
      failed(claim, "fault");
    }
  }

  private void say(Claim claim, Held held) throws IOException, OtherVoiceException {
    List<String> pieces = SpeechJobs.pieces(claim.text());
    int said = claim.said();
    if (isLast(claim) && !VoiceSource.DEFAULT.wireName().equals(claim.voiceSource())) {
      forget(claim);
      said = 0;
    }
    String voice = said == 0 ? null : claim.voiceSource();
    for (int number = said; number < pieces.size(); number++) {
      held.confirm();
      voice = say(claim, number, pieces.get(number), voice, held);
    }
  }

  private String say(Claim claim, int number, String words, @Nullable String voice, Held held)
      throws IOException, OtherVoiceException {
    Listener listener = new Worker(claim.userId(), held);
    try (Speech spoken =
        isLast(claim)
            ? speech.speakByDefault(claim.persona(), listener, words, SpeechFormat.MP3)
            : speech.speak(claim.persona(), listener, words, SpeechFormat.MP3)) {
      String source = spoken.source();
      if (voice != null && !voice.equals(source)) {
        throw new OtherVoiceException();
      }
      keep(claim, number, read(spoken), source, spoken.fallback());
      return source;
    }
  }

  private static byte[] read(Speech spoken) throws IOException {
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    for (byte[] some = spoken.audio().next(); some != null; some = spoken.audio().next()) {
      if (audio.size() + some.length > MOST_BYTES) {
        throw new IOException("a piece has more than %d bytes".formatted(MOST_BYTES));
      }
      audio.writeBytes(some);
    }
    return audio.toByteArray();
  }

  /** The audio is stored first, loose until the transaction commits. */
  private void keep(
      Claim claim, int number, byte[] audio, String source, @Nullable String fallback) {
    String key = SpeechJobs.folder(claim.jobId()) + ids.next() + ".mp3";
    try {
      loose.store(key, audio, claim.userId());
      transaction.executeWithoutResult(
          _ -> {
            personas.keepAlive(claim.persona().id());
            if (!rows.speaks(claim, source, fallback, properties.lease()) || !loose.take(key)) {
              throw new NotMineException();
            }
            rows.addPiece(claim.jobId(), number, key, audio.length);
          });
      metrics.said(source);
    } finally {
      // Without effect on audio that was taken.
      loose.discard(key);
    }
  }

  private void complete(Claim claim) {
    transaction.executeWithoutResult(
        _ -> {
          personas.keepAlive(claim.persona().id());
          Instant now = clock.instant();
          if (rows.end(claim, JobState.COMPLETED, null, now)) {
            tell(claim, job -> new JobFact.Completed(job, now));
            metrics.ended(JobState.COMPLETED);
          }
        });
  }

  private void refused(Claim claim, Problem problem) {
    switch (problem.status()) {
      case NOT_FOUND -> fail(claim, "persona_not_found");
      case UNPROCESSABLE_CONTENT -> fail(claim, "unspeakable_text");
      // Nobody can speak now.
      default -> failed(claim, "voices_busy");
    }
  }

  private void failed(Claim claim, String problem) {
    if (isLast(claim)) {
      fail(claim, problem);
    } else {
      rows.putBack(claim, problem, properties.pauseAfter(claim.attempts()));
    }
  }

  private void fail(Claim claim, String problem) {
    transaction.executeWithoutResult(
        _ -> {
          Instant now = clock.instant();
          if (rows.end(claim, JobState.FAILED, problem, now)) {
            tell(claim, job -> new JobFact.Failed(job, problem, now));
            loose.release(rows.removePieces(claim.jobId()), claim.userId());
            metrics.ended(JobState.FAILED);
          }
        });
  }

  /** Has a job begin anew, if it is still this worker's. */
  private void forget(Claim claim) {
    transaction.executeWithoutResult(
        _ -> {
          if (rows.renew(claim, properties.lease())) {
            loose.release(rows.removePieces(claim.jobId()), claim.userId());
          }
        });
  }

  private void tell(Claim claim, Function<SpeechJob, JobFact> fact) {
    rows.find(claim.userId(), claim.persona().id(), claim.jobId())
        .map(fact)
        .ifPresent(events::publishEvent);
  }

  private boolean isLast(Claim claim) {
    return claim.attempts() >= properties.attempts();
  }

  /** Whether a worker still has its job. */
  interface Held {

    /** What was seen last; does not wait. */
    boolean isLost();

    /** Looks now. */
    void confirm() throws NotMineException;
  }

  /** The job was taken back, is gone, or is another worker's by now. */
  static final class NotMineException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class OtherVoiceException extends Exception {
    private static final long serialVersionUID = 1;
  }

  private record Worker(long account, Held held) implements Listener {

    @Override
    public boolean isGone() {
      return held.isLost();
    }

    @Override
    public boolean isPatient() {
      return true;
    }
  }
}
