package io.mybella.voice.job;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.text.TextPieces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The jobs of users: accepted, looked at, taken back, and heard when they are done. */
@Service
public class SpeechJobs {

  private static final int REMOVED_AT_ONCE = 100;

  /**
   * What is said at once: long enough for the melody of speech, short enough that little is lost
   * when a worker dies, and below what any model takes in one request.
   */
  private static final int PIECE = 800;

  private static final String FOLDER = "jobs/";

  private final JobRepository rows;
  private final LooseJobAudio loose;
  private final KnownPersonas personas;
  private final JobBell bell;
  private final BlobStore blobs;
  private final JobProperties properties;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final IdGenerator ids;
  private final Clock clock;

  SpeechJobs(
      JobRepository rows,
      LooseJobAudio loose,
      KnownPersonas personas,
      JobBell bell,
      BlobStore blobs,
      JobProperties properties,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      IdGenerator ids,
      Clock clock) {
    this.rows = rows;
    this.loose = loose;
    this.personas = personas;
    this.bell = bell;
    this.blobs = blobs;
    this.properties = properties;
    this.transaction = transaction;
    this.events = events;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Accepts a text to be spoken in the background.
   *
   * @param persona visible to the caller
   * @param text 1 to 50,000 characters, not blank
   * @throws Problem 404 when persona or account are gone meanwhile, 429 when the caller has as many
   *     unfinished jobs as one may have
   */
  @Transactional
  public SpeechJob accept(Caller caller, KnownPersona persona, String text) {
    personas.keepAlive(persona.id());
    rows.lockQueueOf(caller.userId());
    if (rows.unfinishedOf(caller.userId()) >= properties.perUser()) {
      throw Problem.tooManyRequests(
          "At most %d texts wait to be spoken for you at the same time"
              .formatted(properties.perUser()),
          Duration.ofSeconds(30));
    }
    Instant now = clock.instant();
    SpeechJob job =
        new SpeechJob(
            ids.next(),
            caller.userId(),
            persona.id(),
            JobState.QUEUED,
            text.codePointCount(0, text.length()),
            pieces(text).size(),
            0,
            0,
            0,
            null,
            null,
            null,
            now,
            null);
    if (!rows.insert(job, text)) {
      throw notFound();
    }
    rows.endedBeyond(caller.userId(), properties.kept(), REMOVED_AT_ONCE).forEach(this::delete);
    events.publishEvent(new JobFact.Requested(job, now));
    bell.ringAfterCommit();
    return job;
  }

  /** The caller's jobs with a persona, newest first; at most as many as are kept. */
  public List<SpeechJob> list(Caller caller, KnownPersona persona) {
    return rows.list(caller.userId(), persona.id(), properties.perUser() + properties.kept());
  }

  /**
   * A job of the caller with this persona.
   *
   * @throws Problem 404 when there is none, be it missing or another user's
   */
  public SpeechJob find(Caller caller, KnownPersona persona, UUID id) {
    return rows.find(caller.userId(), persona.id(), id).orElseThrow(SpeechJobs::notFound);
  }

  /**
   * The audio of a finished job of the caller.
   *
   * @throws Problem 404 as {@link #find}, 409 when it is not completed
   */
  public JobAudio audio(Caller caller, KnownPersona persona, UUID id) {
    SpeechJob job = find(caller, persona, id);
    if (job.state() != JobState.COMPLETED) {
      throw Problem.conflict("The job is " + job.state().wireName() + ", there is no audio");
    }
    return new JobAudio(blobs, rows.pieces(id));
  }

  /**
   * Takes a job back, or removes a finished one with its audio.
   *
   * @throws Problem 404 as {@link #find}
   */
  @Transactional
  public void remove(Caller caller, KnownPersona persona, UUID id) {
    SpeechJob job = find(caller, persona, id);
    Instant now = clock.instant();
    if (rows.cancel(id, now)) {
      loose.release(rows.removePieces(id), job.userId());
      events.publishEvent(new JobFact.Failed(job, "cancelled", now));
    } else {
      delete(job);
    }
  }

  /** Removes finished jobs that are older than they are kept. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
  void removeOutdated() {
    List<SpeechJob> outdated;
    do {
      Instant before = clock.instant().minus(properties.retention());
      outdated = rows.endedBefore(before, REMOVED_AT_ONCE);
      for (SpeechJob job : outdated) {
        transaction.executeWithoutResult(_ -> delete(job));
      }
    } while (outdated.size() == REMOVED_AT_ONCE);
  }

  /**
   * Removes the audio of a persona that speaks no more. Waits for the blob store, so no database
   * connection may be held meanwhile.
   */
  @Transactional(propagation = Propagation.NEVER)
  public void eraseFilesOfPersona(long personaId) {
    rows.idsOfPersona(personaId).forEach(this::eraseFiles);
  }

  /** The same for a user whose account is gone. */
  @Transactional(propagation = Propagation.NEVER)
  public void eraseFilesOfUser(long userId) {
    rows.idsOfUser(userId).forEach(this::eraseFiles);
  }

  /**
   * Erases the jobs of a persona, as part of the transaction under way.
   *
   * @return how many there were
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public long eraseOfPersona(long personaId) {
    return rows.deleteOfPersona(personaId);
  }

  /** The same for a user whose account is gone. */
  @Transactional(propagation = Propagation.MANDATORY)
  public long eraseOfUser(long userId) {
    return rows.deleteOfUser(userId);
  }

  private void delete(SpeechJob job) {
    loose.release(rows.removePieces(job.id()), job.userId());
    rows.delete(job.id());
  }

  private void eraseFiles(UUID job) {
    blobs.deleteAll(folder(job));
  }

  /** What a text is said in. */
  static List<String> pieces(String text) {
    return TextPieces.of(text, PIECE);
  }

  static String folder(UUID job) {
    return FOLDER + job + "/";
  }

  private static Problem notFound() {
    return Problem.notFound("Speech job not found");
  }
}
