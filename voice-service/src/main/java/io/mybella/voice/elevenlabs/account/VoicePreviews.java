package io.mybella.voice.elevenlabs.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import io.mybella.voice.inspection.MalformedSoundException;
import io.mybella.voice.inspection.SampleType;
import io.mybella.voice.inspection.SoundInspection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The recordings with which ElevenLabs introduces its voices; they cost nothing. Their addresses
 * come with the list of voices, so only those are fetched that lead to ElevenLabs, and only an MP3
 * file is passed on.
 */
@Component
public class VoicePreviews {

  private static final Logger LOG = LoggerFactory.getLogger(VoicePreviews.class);

  private static final int MOST_BYTES = 1024 * 1024;
  private static final int MOST_KEPT_BYTES = 4 * 1024 * 1024;
  private static final Duration KEPT_FOR = Duration.ofHours(6);

  /** Where ElevenLabs keeps them: a bucket of its own at a host that it shares with others. */
  private static final String BUCKET_HOST = "storage.googleapis.com";

  private static final String BUCKET_PATH = "/eleven-public-prod/[A-Za-z0-9_/-]+(\\.mp3)?";

  private final ElevenLabsProperties properties;
  private final HttpClient http;
  private final Cache<URI, byte[]> kept =
      Caffeine.newBuilder()
          .maximumWeight(MOST_KEPT_BYTES)
          .weigher((URI url, byte[] recording) -> recording.length)
          .expireAfterWrite(KEPT_FOR)
          .build();

  VoicePreviews(ElevenLabsProperties properties) {
    this.properties = properties;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(properties.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * The recording at an address, an MP3 file of at most 1 MB; empty when the address is not
   * ElevenLabs' or nothing of use is there.
   *
   * @throws IOException when interrupted
   */
  public Optional<byte[]> at(String address) throws IOException {
    Optional<URI> url = url(address).filter(this::leadsToElevenLabs);
    if (url.isEmpty()) {
      LOG.warn("The preview of a voice is not at ElevenLabs and is left alone");
      return Optional.empty();
    }
    byte[] known = kept.getIfPresent(url.get());
    if (known != null) {
      return Optional.of(known);
    }
    Optional<byte[]> found = fetch(url.get());
    found.ifPresent(recording -> kept.put(url.get(), recording));
    return found;
  }

  private Optional<byte[]> fetch(URI url) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            HttpRequest.newBuilder(url).build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      HttpResponse<byte[]> response =
          answer.get(properties.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200
          || SoundInspection.inspect(response.body()).type() != SampleType.MP3) {
        LOG.warn("No preview of a voice at {}: status {}", url.getHost(), response.statusCode());
        return Optional.empty();
      }
      return Optional.of(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a preview", e);
    } catch (TimeoutException | ExecutionException | MalformedSoundException e) {
      LOG.warn("No preview of a voice at {}: {}", url.getHost(), e.toString());
      return Optional.empty();
    } finally {
      answer.cancel(true);
    }
  }

  boolean leadsToElevenLabs(URI url) {
    URI base = properties.baseUrl();
    if (Objects.equals(url.getScheme(), base.getScheme())
        && Objects.equals(url.getRawAuthority(), base.getRawAuthority())) {
      return true;
    }
    if (!"https".equals(url.getScheme()) || url.getPort() != -1 || url.getRawUserInfo() != null) {
      return false;
    }
    String host = Objects.requireNonNullElse(url.getHost(), "").toLowerCase(Locale.ROOT);
    return host.equals("elevenlabs.io")
        || host.endsWith(".elevenlabs.io")
        || (host.equals(BUCKET_HOST) && url.getRawPath().matches(BUCKET_PATH));
  }

  private static Optional<URI> url(String address) {
    try {
      return Optional.of(URI.create(address));
    } catch (IllegalArgumentException e) {
      LOG.debug("No address of a preview", e);
      return Optional.empty();
    }
  }
}
