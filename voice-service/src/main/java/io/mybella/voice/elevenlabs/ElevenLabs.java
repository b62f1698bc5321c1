package io.mybella.voice.elevenlabs;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.audio.WavSpool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The client of ElevenLabs. A breaker keeps it from being asked while it fails: for half a minute
 * after a series of faults, for minutes when the key is refused or the account has spent its quota.
 */
@Component
public class ElevenLabs {

  private static final Logger LOG = LoggerFactory.getLogger(ElevenLabs.class);

  private static final String KEY_HEADER = "xi-api-key";

  /** Allowed on every plan; formats of higher quality are not. */
  private static final String MP3 = "mp3_44100_128";

  private static final String PCM = "pcm_24000";
  private static final int PCM_RATE = 24_000;

  private static final int MOST_ERROR_BYTES = 64 * 1024;
  private static final int VOICES_PER_PAGE = 100;
  private static final int MOST_PAGES = 5;

  private static final Duration OPEN_AFTER_FAULTS = Duration.ofSeconds(30);
  private static final Duration OPEN_FOR_ACCOUNT = Duration.ofMinutes(5);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

  private final ElevenLabsProperties properties;
  private final JsonMapper json;
  private final HttpClient http;
  private final ElevenLabsApi api;
  private final ElevenLabsApi cloning;
  private final CircuitBreaker breaker;
  private final Semaphore slots;
  private volatile @Nullable String whyOpen;

  ElevenLabs(
      ElevenLabsProperties properties,
      JsonMapper json,
      RestClient.Builder clients,
      CircuitBreakerRegistry breakers) {
    this.properties = properties;
    this.json = json;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(properties.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.api = api(clients, properties.callTimeout());
    this.cloning = api(clients, properties.cloneTimeout());
    this.breaker =
        breakers.circuitBreaker(
            "elevenlabs",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(OPEN_AFTER_FAULTS)
                .permittedNumberOfCallsInHalfOpenState(2)
                .build());
    this.slots = new Semaphore(properties.concurrency(), true);
  }

  /** Whether there is a key, so that calls make sense. */
  public boolean isConfigured() {
    return properties.hasKey();
  }

  /** The model that speaks; part of what makes a speech the same as another. */
  public String model() {
    return properties.model();
  }

  /**
   * Starts to speak. Returns once ElevenLabs has accepted the text; the first sound may still fail.
   *
   * @param voiceId a preset of the account, or a clone
   * @param text at most as long as the model takes
   * @param format of the bytes
   * @param listener who waits for it; reading throws {@link ListenerGoneException} when nobody does
   * @throws ElevenLabsException when it refused or was not asked
   * @throws IOException when interrupted, or without room on the disk
   */
  public AudioSource speak(String voiceId, String text, SpeechFormat format, Listener listener)
      throws IOException {
    long started = System.nanoTime();
    try {
      return attempt(voiceId, text, format, listener);
    } catch (ElevenLabsException first) {
      Duration wait = backoff(first.failure());
      Duration spent = Duration.ofNanos(System.nanoTime() - started);
      if (!first.failure().kind().isWorthARetry()
          || wait.compareTo(LONGEST_BACKOFF) > 0
          || spent.plus(wait).compareTo(properties.firstByteTimeout()) > 0) {
        throw first;
      }
      pause(wait);
      return attempt(voiceId, text, format, listener);
    }
  }

  /**
   * The voices of the account, at most 500.
   *
   * @throws ElevenLabsException when it refused or was not asked
   */
  public List<AccountVoice> voices() throws ElevenLabsException {
    return guarded(
        () -> {
          List<AccountVoice> voices = new ArrayList<>();
          String token = null;
          for (int page = 0; page < MOST_PAGES; page++) {
            ElevenLabsApi.VoicePage found = present(api.voices(VOICES_PER_PAGE, token));
            if (found.voices() != null) {
              voices.addAll(found.voices());
            }
            token = found.nextPageToken();
            if (!found.hasMore() || token == null) {
              break;
            }
          }
          return voices;
        });
  }

  /**
   * Makes an instant clone.
   *
   * @param name to show in the account
   * @param sample the sound
   * @param mediaType of the sample
   * @return the id of the new voice
   * @throws ElevenLabsException when it refused or was not asked
   */
  public String clone(String name, byte[] sample, String mediaType) throws ElevenLabsException {
    MultipartBodyBuilder parts = new MultipartBodyBuilder();
    parts.part("name", name);
    parts
        .part(
            "files",
            new ByteArrayResource(sample) {
              @Override
              public String getFilename() {
                return "sample";
              }
            })
        .contentType(MediaType.parseMediaType(mediaType));
    return guarded(() -> present(present(cloning.add(parts.build())).voiceId()));
  }

  /**
   * Deletes a clone. One that is gone already is fine.
   *
   * @throws ElevenLabsException when it refused or was not asked
   */
  public void deleteClone(String voiceId) throws ElevenLabsException {
    try {
      guarded(
          () -> {
            api.delete(voiceId);
            return true;
          });
    } catch (ElevenLabsException e) {
      if (e.failure().kind() != ElevenLabsFailure.Kind.VOICE_NOT_FOUND) {
        throw e;
      }
    }
  }

  private AudioSource attempt(String voiceId, String text, SpeechFormat format, Listener listener)
      throws IOException {
    takeSlot();
    boolean speaking = false;
    try {
      enter();
      AudioSource source =
          new WatchedSpeech(
              new SpeechStream(
                  sendAndNote(voiceId, text, format),
                  properties.firstByteTimeout(),
                  properties.idleTimeout(),
                  properties.speechTimeout(),
                  slots::release));
      speaking = true;
      return format == SpeechFormat.WAV ? new WavOf(source, listener) : source;
    } finally {
      if (!speaking) {
        slots.release();
      }
    }
  }

  private InputStream sendAndNote(String voiceId, String text, SpeechFormat format)
      throws IOException {
    boolean told = false;
    try {
      InputStream audio = send(voiceId, text, format);
      told = true; // By whoever reads it.
      return audio;
    } catch (ElevenLabsException e) {
      told = true;
      note(e.failure());
      throw e;
    } finally {
      if (!told) {
        breaker.releasePermission();
      }
    }
  }

  private InputStream send(String voiceId, String text, SpeechFormat format) throws IOException {
    String path =
        "/v1/text-to-speech/%s/stream?output_format=%s"
            .formatted(
                URLEncoder.encode(voiceId, StandardCharsets.UTF_8),
                format == SpeechFormat.WAV ? PCM : MP3);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(root() + path))
            .header(KEY_HEADER, properties.apiKey())
            .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    json.writeValueAsString(Map.of("text", text, "model_id", properties.model()))))
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    HttpResponse<InputStream> response;
    try {
      response = answer.get(properties.firstByteTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_timeout"));
    } catch (ExecutionException e) {
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_unreachable"));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for ElevenLabs", e);
    }
    String type = response.headers().firstValue(HttpHeaders.CONTENT_TYPE).orElse("");
    if (response.statusCode() == 200 && type.startsWith("audio/")) {
      return response.body();
    }
    throw new ElevenLabsException(failureOf(response));
  }

  private ElevenLabsFailure failureOf(HttpResponse<InputStream> response) throws IOException {
    try (SpeechStream body =
        new SpeechStream(
            response.body(),
            properties.idleTimeout(),
            properties.idleTimeout(),
            properties.callTimeout(),
            () -> {})) {
      StringBuilder text = new StringBuilder();
      for (byte[] piece = body.next();
          piece != null && text.length() < MOST_ERROR_BYTES;
          piece = body.next()) {
        text.append(new String(piece, StandardCharsets.UTF_8));
      }
      if (response.statusCode() < 400) {
        return ElevenLabsFailure.of("upstream_no_audio");
      }
      return ElevenLabsFailure.classify(
          response.statusCode(),
          text.toString(),
          response.headers().firstValue(HttpHeaders.RETRY_AFTER).orElse(null));
    }
  }

  private <T> T guarded(Call<T> call) throws ElevenLabsException {
    enter();
    boolean told = false;
    try {
      T result = call.run();
      told = true;
      breaker.onSuccess(0, TimeUnit.MILLISECONDS);
      return result;
    } catch (RefusedException e) {
      told = true;
      note(e.failure);
      throw new ElevenLabsException(e.failure);
    } catch (RestClientException e) {
      told = true;
      ElevenLabsFailure failure = ElevenLabsFailure.of("upstream_unreachable");
      note(failure);
      throw new ElevenLabsException(failure);
    } finally {
      // A permission that is kept would be missing for good, and of a half-open breaker there are
      // two.
      if (!told) {
        breaker.releasePermission();
      }
    }
  }

  /** What an answer must hold; Spring gives null for an empty one. */
  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new RefusedException(ElevenLabsFailure.of("upstream_empty"));
    }
    return part;
  }

  private void enter() throws ElevenLabsException {
    if (!isConfigured()) {
      throw new ElevenLabsException(
          new ElevenLabsFailure(ElevenLabsFailure.Kind.REFUSED, "no_api_key", null));
    }
    if (!breaker.tryAcquirePermission()) {
      String why = whyOpen;
      throw new ElevenLabsException(
          new ElevenLabsFailure(
              ElevenLabsFailure.Kind.REFUSED, why == null ? "circuit_open" : why, null));
    }
  }

  private void note(ElevenLabsFailure failure) {
    switch (failure.kind()) {
      case TRANSIENT -> {
        whyOpen = failure.reason();
        breaker.onError(0, TimeUnit.MILLISECONDS, new ElevenLabsException(failure));
      }
      case INVALID_KEY, QUOTA -> {
        LOG.error("ElevenLabs is not asked for {}: {}", OPEN_FOR_ACCOUNT, failure.reason());
        whyOpen = failure.reason();
        breaker.releasePermission();
        breaker.transitionToOpenStateFor(OPEN_FOR_ACCOUNT);
      }
      default -> {
        // It answers, so it is not down; this request was not for it.
        LOG.warn("ElevenLabs refused: {}", failure.reason());
        breaker.onSuccess(0, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void takeSlot() throws IOException {
    try {
      if (!slots.tryAcquire(properties.slotWait().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ElevenLabsException(
            new ElevenLabsFailure(ElevenLabsFailure.Kind.REFUSED, "no_free_slot", null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a slot", e);
    }
  }

  private static Duration backoff(ElevenLabsFailure failure) {
    Duration asked = failure.retryAfter();
    return asked != null
        ? asked
        : Duration.ofMillis(200 + ThreadLocalRandom.current().nextLong(300));
  }

  private static void pause(Duration wait) throws IOException {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before a retry", e);
    }
  }

  private ElevenLabsApi api(RestClient.Builder clients, Duration timeout) {
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
    requests.setReadTimeout(timeout);
    RestClient client =
        clients
            .clone()
            .baseUrl(root())
            .requestFactory(requests)
            .defaultHeader(KEY_HEADER, properties.apiKey())
            .defaultStatusHandler(
                HttpStatusCode::isError,
                (request, response) -> {
                  byte[] body = response.getBody().readNBytes(MOST_ERROR_BYTES);
                  throw new RefusedException(
                      ElevenLabsFailure.classify(
                          response.getStatusCode().value(),
                          new String(body, StandardCharsets.UTF_8),
                          response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)));
                })
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
        .build()
        .createClient(ElevenLabsApi.class);
  }

  private String root() {
    return properties.baseUrl().toString().replaceAll("/+$", "");
  }

  private interface Call<T> {
    T run();
  }

  /** Carries a failure out of the HTTP interface, which declares no checked exceptions. */
  private static final class RefusedException extends RuntimeException {

    private final transient ElevenLabsFailure failure;

    private RefusedException(ElevenLabsFailure failure) {
      super(failure.reason());
      this.failure = failure;
    }
  }

  /** Tells the breaker how a speech went: well with its first sound, badly when it breaks off. */
  private final class WatchedSpeech implements AudioSource {

    private final AudioSource speech;
    private boolean told;

    private WatchedSpeech(AudioSource speech) {
      this.speech = speech;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      try {
        byte[] piece = speech.next();
        if (!told) {
          if (piece == null) {
            throw new ElevenLabsException(ElevenLabsFailure.of("upstream_no_audio"));
          }
          told = true;
          breaker.onSuccess(0, TimeUnit.MILLISECONDS);
        }
        return piece;
      } catch (ElevenLabsException e) {
        told = true;
        note(e.failure());
        throw e;
      }
    }

    @Override
    public void close() {
      if (!told) {
        told = true;
        breaker.releasePermission();
      }
      speech.close();
    }
  }

  /** Raw samples in, a WAV file out. */
  private static final class WavOf implements AudioSource {

    private final AudioSource samples;
    private final Listener listener;
    private @Nullable WavSpool spool;

    private WavOf(AudioSource samples, Listener listener) {
      this.samples = samples;
      this.listener = listener;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      if (spool == null) {
        spool = new WavSpool(PCM_RATE);
        for (byte[] piece = samples.next(); piece != null; piece = samples.next()) {
          if (listener.isGone()) {
            throw new ListenerGoneException();
          }
          spool.add(piece);
        }
        samples.close();
      }
      return spool.next();
    }

    @Override
    public void close() {
      samples.close();
      if (spool != null) {
        spool.close();
      }
    }
  }
}
