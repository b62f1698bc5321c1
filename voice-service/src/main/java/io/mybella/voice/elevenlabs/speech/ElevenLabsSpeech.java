package io.mybella.voice.elevenlabs.speech;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import io.mybella.voice.elevenlabs.ElevenLabsFailure.Kind;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import io.mybella.voice.elevenlabs.gate.Deadline;
import io.mybella.voice.elevenlabs.gate.ElevenLabsGate;
import io.mybella.voice.elevenlabs.gate.SpeechSlots;
import io.mybella.voice.text.TextPieces;
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
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Has ElevenLabs speak. */
@Component
public class ElevenLabsSpeech {

  /** Allowed on every plan; formats of higher quality are not. */
  private static final String MP3 = "mp3_44100_128";

  private static final String PCM = "pcm_24000";
  private static final int PCM_RATE = 24_000;

  /** The smallest limit of any plan and model is 2,500 characters, that of the free plan. */
  private static final int SHORT_ENOUGH = 2_400;

  private static final String TIMEOUT = "upstream_timeout";

  private static final int MOST_ERROR_BYTES = 64 * 1024;

  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

  private final ElevenLabsProperties properties;
  private final ElevenLabsGate gate;
  private final SpeechSlots slots;
  private final JsonMapper json;
  private final HttpClient http;
  private final Timer firstByte;
  private final Counter characters;
  private final Counter cost;

  ElevenLabsSpeech(
      ElevenLabsProperties properties,
      ElevenLabsGate gate,
      SpeechSlots slots,
      JsonMapper json,
      MeterRegistry metrics) {
    this.properties = properties;
    this.gate = gate;
    this.slots = slots;
    this.json = json;
    this.firstByte =
        Timer.builder("mybella.voice.elevenlabs.first.byte")
            .description("Time from asking ElevenLabs until its first sound")
            .register(metrics);
    this.characters =
        Counter.builder("mybella.voice.elevenlabs.characters")
            .description("Characters that ElevenLabs has begun to say")
            .register(metrics);
    this.cost =
        Counter.builder("mybella.voice.elevenlabs.cost")
            .description("What ElevenLabs counted for it, in characters of the plan")
            .register(metrics);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(properties.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Whether there is a key, so that calls make sense. */
  public boolean isConfigured() {
    return gate.isConfigured();
  }

  /** The model that speaks; part of what makes a speech the same as another. */
  public String model() {
    return properties.model();
  }

  /** Until when there must be a first sound if somebody begins to wait for it now. */
  public Deadline deadline() {
    return Deadline.in(properties.firstByteTimeout());
  }

  /**
   * Starts to speak and waits for the first sound. Everything until then has one deadline: the wait
   * for a slot, the answer, a repetition after a passing fault, and the sound itself.
   *
   * @param voiceId a preset of the account, or a clone
   * @param text is said in parts when it is longer than the plan or the model takes
   * @param format of the bytes
   * @param listener who waits for it; reading throws {@link ListenerGoneException} when nobody does
   * @param deadline for the first sound
   * @throws ElevenLabsException when it refused or was not asked
   * @throws IOException when interrupted, or without room on the disk
   */
  public AudioSource speak(
      String voiceId, String text, SpeechFormat format, Listener listener, Deadline deadline)
      throws IOException {
    if (deadline.left().isZero()) {
      throw new ElevenLabsException(ElevenLabsFailure.notAsked(TIMEOUT));
    }
    SpeechSlots.Slot slot = slots.take(deadline.leftOf(properties.slotWait()));
    return spoken(voiceId, text, format, listener, deadline, slot);
  }

  /**
   * The same for one who waits longer for a slot. The time for the first sound begins when there is
   * one.
   *
   * @throws ElevenLabsException as {@link #speak}
   * @throws IOException as {@link #speak}
   */
  public AudioSource speakPatiently(
      String voiceId, String text, SpeechFormat format, Listener listener) throws IOException {
    SpeechSlots.Slot slot = slots.take(properties.patientSlotWait());
    return spoken(voiceId, text, format, listener, deadline(), slot);
  }

  private AudioSource spoken(
      String voiceId,
      String text,
      SpeechFormat format,
      Listener listener,
      Deadline deadline,
      SpeechSlots.Slot slot)
      throws IOException {
    AudioSource source = null;
    try {
      listener.turnHasCome();
      source = opened(voiceId, text, format, deadline, slot);
      characters.increment(text.length());
      return format == SpeechFormat.WAV ? new WavOf(source, PCM_RATE, listener) : source;
    } catch (ElevenLabsException e) {
      if (!e.failure().reason().equals(TIMEOUT)) {
        // It has refused, or was not asked.
        slot.close();
      }
      throw e;
    } finally {
      if (source == null) {
        slot.abandon();
      }
    }
  }

  /** In one request, or in several where that is more than the plan or the model takes at once. */
  private AudioSource opened(
      String voiceId, String text, SpeechFormat format, Deadline deadline, SpeechSlots.Slot slot)
      throws IOException {
    UpstreamSpeech.Opener later = part -> begun(request(voiceId, part, format), deadline());
    try {
      SpeechStream all = begun(request(voiceId, text, format), deadline);
      return new UpstreamSpeech(all, List.of(), later, gate, slot);
    } catch (ElevenLabsException e) {
      if (e.failure().kind() != Kind.TEXT_TOO_LONG || text.length() <= SHORT_ENOUGH) {
        throw e;
      }
    }
    List<String> parts = TextPieces.of(text, SHORT_ENOUGH);
    SpeechStream first = begun(request(voiceId, parts.getFirst(), format), deadline);
    return new UpstreamSpeech(first, parts.subList(1, parts.size()), later, gate, slot);
  }

  private SpeechStream begun(HttpRequest request, Deadline deadline) throws IOException {
    try {
      return gate.pass(() -> begin(request, deadline));
    } catch (ElevenLabsException first) {
      Duration wait = backoff(first.failure());
      if (!first.failure().kind().isWorthARetry()
          || wait.compareTo(deadline.leftOf(LONGEST_BACKOFF)) >= 0) {
        throw first;
      }
      pause(wait);
      return gate.pass(() -> begin(request, deadline));
    }
  }

  /** Asks once and waits for the first sound. */
  private SpeechStream begin(HttpRequest request, Deadline deadline) throws IOException {
    long asked = System.nanoTime();
    HttpResponse<InputStream> response = answer(request, deadline);
    number(response, "maximum-concurrent-requests").ifPresent(slots::learn);
    String requestId = response.headers().firstValue("request-id").orElse(null);
    String type = response.headers().firstValue(HttpHeaders.CONTENT_TYPE).orElse("");
    if (response.statusCode() != 200 || !type.startsWith("audio/")) {
      throw new ElevenLabsException(failureOf(response, deadline), requestId);
    }
    SpeechStream speech =
        new SpeechStream(
            response.body(), properties.idleTimeout(), properties.speechTimeout(), requestId);
    boolean begun = false;
    try {
      begun = speech.begin(deadline.left());
    } finally {
      if (!begun) {
        speech.close();
      }
    }
    if (!begun) {
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_no_audio"), requestId);
    }
    firstByte.record(System.nanoTime() - asked, TimeUnit.NANOSECONDS);
    number(response, "character-cost").ifPresent(cost::increment);
    return speech;
  }

  /** A header that holds a small number; what is none is passed over. */
  private static OptionalInt number(HttpResponse<?> response, String header) {
    return response
        .headers()
        .firstValue(header)
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> OptionalInt.of(Integer.parseInt(value)))
        .orElse(OptionalInt.empty());
  }

  private HttpRequest request(String voiceId, String text, SpeechFormat format) {
    String path =
        "/v1/text-to-speech/%s/stream?output_format=%s"
            .formatted(
                URLEncoder.encode(voiceId, StandardCharsets.UTF_8),
                format == SpeechFormat.WAV ? PCM : MP3);
    return HttpRequest.newBuilder(URI.create(properties.root() + path))
        .header(ElevenLabsProperties.KEY_HEADER, properties.apiKey())
        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
        .POST(
            HttpRequest.BodyPublishers.ofString(
                json.writeValueAsString(Map.of("text", text, "model_id", properties.model()))))
        .build();
  }

  private HttpResponse<InputStream> answer(HttpRequest request, Deadline deadline)
      throws IOException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ElevenLabsException(ElevenLabsFailure.of(TIMEOUT));
    } catch (ExecutionException e) {
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_unreachable"));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for ElevenLabs", e);
    }
  }

  private static ElevenLabsFailure failureOf(HttpResponse<InputStream> response, Deadline deadline)
      throws IOException {
    try (SpeechStream body =
        new SpeechStream(response.body(), deadline.left(), deadline.left(), null)) {
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
}
