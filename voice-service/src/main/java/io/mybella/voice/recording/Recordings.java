package io.mybella.voice.recording;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The recordings that are being made, and those that were made and are kept. Who asks for a speech
 * takes part in its recording, or has it begun.
 */
@Component
public class Recordings {

  private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

  /**
   * Longer than any speech takes: what is still made during an erasure ends after it all the same.
   */
  private static final Duration ERASURES_REMEMBERED = Duration.ofMinutes(30);

  /** A listener does not wait longer for a blob store than for a voice. */
  private static final Duration LOOK_UP = Duration.ofSeconds(1);

  private static final int WAITING_TO_BE_KEPT = 64;

  private static final Duration LAST_MOMENT = Duration.ofSeconds(5);

  private final SpeechCache cache;
  private final IdGenerator ids;
  private final Map<SpeechKey, Recording> growing = new ConcurrentHashMap<>();
  private final Cache<SpeechKey, Recording> here;
  private final Cache<Long, Boolean> erasedPersonas = marks();
  private final Cache<Long, Boolean> erasedUsers = marks();
  private final ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();

  /** One at a time, because each is whole in memory while it is stored. */
  private final ExecutorService keeping =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_TO_BE_KEPT),
          Thread.ofVirtual().name("speech-cache").factory());

  Recordings(
      SpeechCache cache, IdGenerator ids, RecordingProperties properties, MeterRegistry metrics) {
    this.cache = cache;
    this.ids = ids;
    this.here =
        Caffeine.newBuilder()
            .maximumWeight(properties.here().toBytes())
            .weigher((SpeechKey key, Recording whole) -> (int) whole.length())
            .expireAfterAccess(properties.hereFor())
            .executor(Runnable::run)
            .removalListener(Recordings::letGo)
            .build();
    metrics.gaugeMapSize("mybella.voice.recordings.growing", List.of(), growing);
  }

  private static Cache<Long, Boolean> marks() {
    return Caffeine.newBuilder().expireAfterWrite(ERASURES_REMEMBERED).maximumSize(100_000).build();
  }

  private static void letGo(
      @Nullable SpeechKey key, @Nullable Recording recording, RemovalCause cause) {
    if (recording != null) {
      recording.release();
    }
  }

  /** Takes part in a recording that is whole here, when there is one: nothing is waited for. */
  public Optional<Listening> whole(SpeechKey key, Listener listener) {
    return Optional.ofNullable(here.getIfPresent(key)).flatMap(whole -> whole.join(listener));
  }

  /**
   * Takes part in a recording: in one that is whole or being made, or else in one that begins now,
   * with what the cache has or with what the voice says.
   *
   * @param listener who listens; the account of the first one is the one it is made for
   * @param production has the voice speak; called at most once, on another thread
   */
  public Listening listen(SpeechKey key, Listener listener, Production production) {
    while (true) {
      Optional<Listening> part = whole(key, listener).or(() -> join(key, listener));
      if (part.isPresent()) {
        return part.get();
      }
      Recording fresh = new Recording(ids.next(), key);
      Listening first = fresh.join(listener).orElseThrow();
      if (growing.putIfAbsent(key, fresh) == null) {
        begin(fresh, listener.account(), production);
        return first;
      }
      fresh.release();
      first.close();
    }
  }

  private Optional<Listening> join(SpeechKey key, Listener listener) {
    Recording recording = growing.get(key);
    if (recording == null) {
      return Optional.empty();
    }
    Optional<Listening> part = recording.join(listener);
    if (part.isEmpty()) {
      // It has failed or is deserted; its producer has yet to notice.
      growing.remove(key, recording);
    }
    return part;
  }

  /**
   * Takes part in a recording that a user has had made of a persona.
   *
   * @param id what it is known by
   * @return empty when it is not kept any more, or never was
   */
  public Optional<Listening> find(UUID id, long userId, long personaId, Listener listener) {
    return Stream.concat(growing.values().stream(), here.asMap().values().stream())
        .filter(each -> each.id().equals(id))
        .filter(each -> each.key().userId() == userId && each.key().personaId() == personaId)
        .findFirst()
        .flatMap(each -> each.join(listener))
        .or(
            () ->
                cache
                    .find(id, userId, personaId)
                    .map(key -> listen(key, listener, _ -> nothing())));
  }

  private static AudioSource nothing() throws IOException {
    throw new IOException("the recording is not kept any more");
  }

  private void begin(Recording recording, long account, Production production) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    Thread producer =
        Thread.ofVirtual()
            .name("recording")
            .unstarted(
                () -> {
                  if (context != null) {
                    MDC.setContextMap(context);
                  }
                  produce(recording, new Audience(recording, account), production);
                });
    recording.onCancel(producer::interrupt);
    producer.start();
    if (isErased(recording.key())) {
      recording.end(erased());
    }
  }

  private void produce(Recording recording, Listener audience, Production production) {
    try {
      if (!recall(recording)) {
        perform(recording, audience, production);
      }
      // Whoever hears the end finds it here, and does not ask for it in vain.
      recording.hold();
      here.put(recording.key(), recording);
      if (recording.finish() && !isErased(recording.key())) {
        keep(recording);
      } else {
        here.asMap().remove(recording.key(), recording);
      }
    } catch (IOException e) {
      recording.fail(e);
    } catch (RuntimeException e) {
      recording.fail(new IOException("a voice failed", e));
    } finally {
      // Without effect unless an Error ended it: nobody is to wait for what does not come.
      recording.fail(new IOException("a voice failed"));
      growing.remove(recording.key(), recording);
      recording.release();
    }
  }

  private static void perform(Recording recording, Listener audience, Production production)
      throws IOException {
    try (AudioSource source = production.open(audience)) {
      byte[] piece = source.next();
      if (piece == null) {
        throw new IOException("a voice said nothing");
      }
      for (; piece != null; piece = source.next()) {
        if (audience.isGone()) {
          throw new ListenerGoneException();
        }
        recording.append(piece);
      }
    }
  }

  /** Takes the speech from the cache; false when it is not there, or cannot be had soon. */
  private boolean recall(Recording recording) throws IOException {
    Future<Optional<SpeechCache.Kept>> found = lookups.submit(() -> cache.find(recording.key()));
    try {
      Optional<SpeechCache.Kept> kept = found.get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
      if (kept.isPresent()) {
        recording.recognize(kept.get().id());
        recording.append(kept.get().audio());
      }
      return kept.isPresent();
    } catch (TimeoutException e) {
      LOG.warn("Finished speech is not looked for: the cache takes longer than {}", LOOK_UP);
      return false;
    } catch (ExecutionException e) {
      LOG.warn("Finished speech is not looked for", e.getCause());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the cache was asked", e);
    } finally {
      // Not by an interrupt, which would cost a connection to the database.
      found.cancel(false);
    }
  }

  private void keep(Recording recording) {
    if (!recording.isKnown() && cache.takes(recording.length())) {
      recording.hold();
      try {
        keeping.execute(() -> store(recording));
      } catch (RejectedExecutionException e) {
        LOG.warn("A speech is not kept for others: too many wait for the blob store");
        recording.release();
      }
    }
  }

  private void store(Recording recording) {
    try {
      if (!isErased(recording.key())) {
        cache.keep(recording.id(), recording.key(), recording.content());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("A speech is not kept for others", e);
    } finally {
      recording.release();
    }
  }

  private boolean isErased(SpeechKey key) {
    return erasedPersonas.getIfPresent(key.personaId()) != null
        || erasedUsers.getIfPresent(key.userId()) != null;
  }

  private static IOException erased() {
    return new IOException("what was spoken is being erased");
  }

  /**
   * Removes the stored files of a persona that is buried, so that no more of them are kept. Waits
   * for the blob store, so no database connection may be held meanwhile.
   */
  public void eraseFilesOfPersona(long personaId) {
    cache.eraseFilesOfPersona(personaId);
  }

  /** The same for a user whose account is marked as gone. */
  public void eraseFilesOfUser(long userId) {
    cache.eraseFilesOfUser(userId);
  }

  /**
   * Erases everything else that a persona said, as part of the transaction under way, and ends what
   * it is saying here.
   *
   * @return how many speeches there were
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public long erasePersona(long personaId) {
    Set<String> speeches = cache.erasePersona(personaId);
    speeches.addAll(endPersona(personaId));
    return speeches.size();
  }

  /** The same for a user whose account is gone. */
  @Transactional(propagation = Propagation.MANDATORY)
  public long eraseUser(long userId) {
    Set<String> speeches = cache.eraseUser(userId);
    speeches.addAll(endUser(userId));
    return speeches.size();
  }

  /**
   * Ends what a persona is saying here and forgets what it said, because it is erased.
   *
   * @return the digests of those speeches
   */
  public Set<String> endPersona(long personaId) {
    erasedPersonas.put(personaId, true);
    return end(key -> key.personaId() == personaId);
  }

  /**
   * Ends what is being said to a user here and forgets what was, because the account is erased.
   *
   * @return the digests of those speeches
   */
  public Set<String> endUser(long userId) {
    erasedUsers.put(userId, true);
    return end(key -> key.userId() == userId);
  }

  private Set<String> end(Predicate<SpeechKey> which) {
    Set<String> ended = new HashSet<>();
    for (Map<SpeechKey, Recording> recordings : List.of(growing, here.asMap())) {
      recordings.forEach(
          (key, recording) -> {
            if (which.test(key)) {
              ended.add(key.digest());
              recording.end(erased());
              recordings.remove(key, recording);
            }
          });
    }
    return ended;
  }

  /** Whose speech is made or kept here. */
  public Set<Long> users() {
    return keys().map(SpeechKey::userId).filter(id -> id > 0).collect(Collectors.toSet());
  }

  /** Of which personas speech is made or kept here. */
  public Set<Long> personas() {
    return keys().map(SpeechKey::personaId).filter(id -> id > 0).collect(Collectors.toSet());
  }

  private Stream<SpeechKey> keys() {
    return Stream.concat(growing.keySet().stream(), here.asMap().keySet().stream());
  }

  /** Ends what is being made, and stores what can be stored in a moment. */
  @PreDestroy
  void close() throws InterruptedException {
    keeping.shutdown();
    lookups.shutdown();
    if (!keeping.awaitTermination(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("Speech is not kept for others: the blob store takes too long");
      keeping.shutdownNow();
    }
    growing.values().forEach(each -> each.end(new IOException("the service ends")));
    here.invalidateAll();
  }

  /** All who listen to a recording, as its voice sees them. */
  private record Audience(Recording recording, long account) implements Listener {

    @Override
    public boolean isGone() {
      return recording.isDeserted();
    }

    @Override
    public void turnHasCome() {
      recording.turnHasCome();
    }
  }
}
