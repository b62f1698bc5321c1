package io.mybella.voice.elevenlabs.account;

import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import io.mybella.voice.elevenlabs.gate.ElevenLabsGate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

/** The voices of the account, and the clones among them. */
@Component
public class ElevenLabsAccount {

  private static final int MOST_ERROR_BYTES = 64 * 1024;
  private static final int VOICES_PER_PAGE = 100;
  private static final int MOST_PAGES = 5;

  private final ElevenLabsProperties properties;
  private final ElevenLabsGate gate;
  private final ElevenLabsApi api;
  private final ElevenLabsApi cloning;

  ElevenLabsAccount(
      ElevenLabsProperties properties, ElevenLabsGate gate, RestClient.Builder clients) {
    this.properties = properties;
    this.gate = gate;
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(properties.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.api = api(clients, http, properties.callTimeout());
    this.cloning = api(clients, http, properties.cloneTimeout());
  }

  /** Whether there is an account. */
  public boolean isConfigured() {
    return gate.isConfigured();
  }

  /**
   * The voices of the account, at most 500.
   *
   * @throws ElevenLabsException when it refused or was not asked
   */
  public List<AccountVoice> voices() throws ElevenLabsException {
    return ask(
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
   * @return the new voice
   * @throws ElevenLabsException when it refused or was not asked
   */
  public MadeClone clone(String name, byte[] sample, String mediaType) throws ElevenLabsException {
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
    return ask(
        () -> {
          ElevenLabsApi.AddedVoice added = present(cloning.add(parts.build()));
          return new MadeClone(present(added.voiceId()), added.requiresVerification());
        });
  }

  /**
   * Deletes a clone. One that is gone already is fine.
   *
   * @throws ElevenLabsException when it refused or was not asked
   */
  public void deleteClone(String voiceId) throws ElevenLabsException {
    try {
      ask(
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

  private <T> T ask(Supplier<T> call) throws ElevenLabsException {
    try {
      return gate.pass(
          () -> {
            try {
              return call.get();
            } catch (RefusedException e) {
              throw new ElevenLabsException(e.failure);
            } catch (RestClientException e) {
              throw new ElevenLabsException(ElevenLabsFailure.of("upstream_unreachable"));
            }
          });
    } catch (ElevenLabsException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("these calls throw nothing else", e);
    }
  }

  /** What an answer must hold; Spring gives null for an empty one. */
  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new RefusedException(ElevenLabsFailure.of("upstream_empty"));
    }
    return part;
  }

  private ElevenLabsApi api(RestClient.Builder clients, HttpClient http, Duration timeout) {
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
    requests.setReadTimeout(timeout);
    RestClient client =
        clients
            .clone()
            .baseUrl(properties.root())
            .requestFactory(requests)
            .defaultHeader(ElevenLabsProperties.KEY_HEADER, properties.apiKey())
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

  /** Carries a failure out of the HTTP interface, which declares no checked exceptions. */
  private static final class RefusedException extends RuntimeException {

    private final transient ElevenLabsFailure failure;

    private RefusedException(ElevenLabsFailure failure) {
      super(failure.reason());
      this.failure = failure;
    }
  }
}
