package io.mybella.voice.sample;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.sample.SampleReading.Sample;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The custom voices of personas: one sample each, replaced or removed as a whole. */
@Service
public class CustomVoices {

  private static final int MOST_BYTES = 10 * 1024 * 1024;

  private final CustomVoiceRepository rows;
  private final KnownPersonas personas;
  private final BlobStore blobs;
  private final LooseSamples loose;
  private final SampleQuota quota;
  private final SampleReading reading;
  private final IdGenerator ids;
  private final Clock clock;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;

  CustomVoices(
      CustomVoiceRepository rows,
      KnownPersonas personas,
      BlobStore blobs,
      LooseSamples loose,
      SampleQuota quota,
      SampleReading reading,
      IdGenerator ids,
      Clock clock,
      TransactionTemplate transaction,
      ApplicationEventPublisher events) {
    this.rows = rows;
    this.personas = personas;
    this.blobs = blobs;
    this.loose = loose;
    this.quota = quota;
    this.reading = reading;
    this.ids = ids;
    this.clock = clock;
    this.transaction = transaction;
    this.events = events;
  }

  /** The custom voice of a persona, when it has one. */
  public Optional<CustomVoice> of(KnownPersona persona) {
    return rows.find(persona.id());
  }

  /**
   * Gives a persona a custom voice, in place of the one it had.
   *
   * <p>The file is stored first, {@linkplain LooseSamples loose} until the transaction commits; a
   * refusal or a fault in between takes it away again.
   *
   * @param persona of a user
   * @param file the sample; its content decides what it is
   * @param consent whether it may be cloned
   * @throws Problem as {@link SampleReading#read}, and 404 when the persona is deleted in the
   *     meantime, 409 when its owner keeps as much as one may, 413 above 10 MB
   */
  public CustomVoice replace(KnownPersona persona, byte[] file, boolean consent) {
    return replace(persona, file, consent, () -> {});
  }

  /**
   * Like {@link #replace(KnownPersona, byte[], boolean)}, with something that is to be kept
   * together with the voice.
   *
   * @param along is run in the transaction that gives the persona the voice
   */
  public CustomVoice replace(KnownPersona persona, byte[] file, boolean consent, Runnable along) {
    if (file.length > MOST_BYTES) {
      throw Problem.tooLarge("The voice file is larger than 10 MB");
    }
    quota.look(owner(persona), persona.id(), 0);
    Sample sample = reading.read(file);
    UUID id = ids.next();
    String key = folder(persona.id()) + id + "." + sample.type().extension();
    CustomVoice voice =
        new CustomVoice(
            id,
            persona.id(),
            key,
            sample.type().mediaType(),
            Math.toIntExact(sample.duration().toMillis()),
            consent,
            CustomVoice.CloneState.NONE,
            clock.instant());
    try {
      loose.store(key, sample.content());
      exchange(persona, voice, sample.content().length, along).ifPresent(this::discardFile);
      return voice;
    } finally {
      // Without effect on a file that was taken, also when only the news of the commit got lost.
      loose.discard(key);
    }
  }

  /** One sample in place of another; returns the former one, whose file is loose from then on. */
  private Optional<CustomVoice> exchange(
      KnownPersona persona, CustomVoice voice, int sizeBytes, Runnable along) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              long version = personas.lockForVoiceChange(persona);
              Optional<CustomVoice> former = delete(persona.id());
              former.ifPresent(each -> loose.release(each.blobKey()));
              quota.claim(owner(persona), persona.id(), sizeBytes);
              loose.take(voice.blobKey());
              rows.insert(voice, owner(persona), sizeBytes);
              tell(persona, true, version);
              along.run();
              return former;
            }));
  }

  /**
   * Allows to clone the sample of a persona; it is fine to say so again.
   *
   * @throws Problem 404 when it has none
   */
  @Transactional
  public CustomVoice allowCloning(KnownPersona persona) {
    return rows.allowCloning(persona.id(), clock.instant())
        .orElseThrow(() -> Problem.notFound("This persona has no custom voice"));
  }

  /**
   * Takes the consent to clone the sample of a persona back: its clone goes, the sample stays. It
   * is fine when there is none.
   */
  @Transactional
  public void forbidCloning(KnownPersona persona) {
    rows.forbidCloning(persona.id()).ifPresent(events::publishEvent);
  }

  /** Takes the custom voice of a persona away; it is fine when there is none. */
  public void remove(KnownPersona persona) {
    Optional<CustomVoice> former =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  if (rows.find(persona.id()).isEmpty()) {
                    return Optional.<CustomVoice>empty();
                  }
                  long version = personas.lockForVoiceChange(persona);
                  Optional<CustomVoice> before = delete(persona.id());
                  before.ifPresent(
                      voice -> {
                        loose.release(voice.blobKey());
                        tell(persona, false, version);
                      });
                  return before;
                }));
    former.ifPresent(this::discardFile);
  }

  /**
   * Removes the files of a persona that takes no more of them. Waits for the blob store, so no
   * database connection may be held meanwhile.
   *
   * @return how many there were
   */
  @Transactional(propagation = Propagation.NEVER)
  public long eraseFiles(long personaId) {
    return blobs.deleteAll(folder(personaId));
  }

  /**
   * Erases everything else of a persona, as part of the transaction under way. Clones are told of
   * it, which another part deletes.
   *
   * @param files how many were found; when an attempt before this one had removed them, as many as
   *     there were samples
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public Erased erase(long personaId, long files) {
    long samples = delete(personaId).isPresent() ? 1 : 0;
    return new Erased(samples, Math.max(files, samples));
  }

  /**
   * Erases everything else of a user, as part of the transaction under way, like {@link #erase}.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public Erased eraseAllOf(long userId, long files) {
    List<WithdrawnSample> removed = rows.deleteAllOf(userId);
    removed.forEach(events::publishEvent);
    return new Erased(removed.size(), Math.max(files, removed.size()));
  }

  private Optional<CustomVoice> delete(long personaId) {
    Optional<WithdrawnSample> removed = rows.delete(personaId);
    removed.ifPresent(events::publishEvent);
    return removed.map(WithdrawnSample::voice);
  }

  private void tell(KnownPersona persona, boolean hasCustomVoice, long version) {
    Instant now = clock.instant();
    events.publishEvent(
        new CustomVoiceChange(persona.id(), owner(persona), hasCustomVoice, version, now));
  }

  private void discardFile(CustomVoice voice) {
    loose.discard(voice.blobKey());
  }

  private static long owner(KnownPersona persona) {
    return Objects.requireNonNull(persona.ownerUserId(), "a system persona has no custom voice");
  }

  private static String folder(long personaId) {
    return "voices/" + personaId + "/";
  }

  /**
   * What an erasure found.
   *
   * @param samples rows
   * @param blobs stored files
   */
  public record Erased(long samples, long blobs) {}
}
