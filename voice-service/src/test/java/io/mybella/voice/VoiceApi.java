package io.mybella.voice;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as its callers see it: HTTP requests, and the events of other services. */
final class VoiceApi {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Tests share a broker, so every persona of theirs has an id of its own. */
  private static final AtomicLong PERSONAS = new AtomicLong(1000);

  private final int port;
  private final String bootstrapServers;

  VoiceApi(int port, String bootstrapServers) {
    this.port = port;
    this.bootstrapServers = bootstrapServers;
  }

  HttpResponse<byte[]> get(String path, String bearer) {
    return send(request(path, bearer).GET().build());
  }

  HttpResponse<byte[]> get(String path, String bearer, String... headers) {
    return send(request(path, bearer).headers(headers).GET().build());
  }

  HttpResponse<byte[]> delete(String path, String bearer) {
    return send(request(path, bearer).DELETE().build());
  }

  HttpResponse<byte[]> speak(long persona, String text, String bearer) {
    String json = JSON.writeValueAsString(Map.of("text", text));
    return post("/api/personas/" + persona + "/voice/speech", json, bearer);
  }

  /** Starts to listen; the audio arrives while it is read. */
  HttpResponse<InputStream> listen(long persona, String text, String bearer) {
    String json = JSON.writeValueAsString(Map.of("text", text));
    try {
      return HTTP.send(
          request("/api/personas/" + persona + "/voice/speech", bearer)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(json))
              .build(),
          BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> post(String path, String json, String bearer) {
    return send(
        request(path, bearer)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  HttpResponse<byte[]> post(String path, byte[] body, String bearer) {
    return send(
        request(path, bearer)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(body))
            .build());
  }

  HttpResponse<byte[]> upload(long persona, String fileName, byte[] file, String bearer) {
    return upload(persona, fileName, file, null, bearer);
  }

  HttpResponse<byte[]> upload(
      long persona, String fileName, byte[] file, String consent, String bearer) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (file != null) {
      part(body, "voice_file\"; filename=\"" + fileName, file);
    }
    if (consent != null) {
      part(body, "consent", consent.getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes("--frontier--\r\n".getBytes(StandardCharsets.UTF_8));
    return send(
        request("/api/personas/" + persona + "/voice/upload", bearer)
            .header("Content-Type", "multipart/form-data; boundary=frontier")
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build());
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    return JSON.readTree(response.body());
  }

  static JsonNode json(byte[] body) {
    return JSON.readTree(body);
  }

  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** Has persona-service tell of a new persona; returns once the service knows it. */
  long created(Long owner, String voiceId, String bearer) {
    long id = PERSONAS.incrementAndGet();
    changed(id, owner, voiceId, 1, UUID.randomUUID());
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get("/api/personas/" + id + "/voice", bearer).statusCode() == 200);
    return id;
  }

  static long freshId() {
    return PERSONAS.incrementAndGet();
  }

  void changed(long id, Long owner, String voiceId, long version, UUID eventId) {
    String json =
        """
        {"persona_id":%d,"owner_user_id":%s,"name":"P","display_name":"P","description":null,
         "personality_traits":null,"communication_style":null,"tagline":null,"voice_id":%s,
         "is_custom":%s,"is_active":true,"avatar_url":null,"version":%d,
         "occurred_at":"2026-11-22T10:00:00Z"}\
        """
            .formatted(
                id,
                owner,
                voiceId == null ? "null" : "\"" + voiceId + "\"",
                owner != null,
                version);
    tell(id, version == 1 ? EventTypes.PERSONA_CREATED : EventTypes.PERSONA_UPDATED, eventId, json);
  }

  void deleted(long id, Long owner, UUID erasure, long version, UUID eventId) {
    String json =
        """
        {"persona_id":%d,"owner_user_id":%s,"erasure_id":"%s","version":%d,
         "occurred_at":"2026-11-22T10:00:00Z"}\
        """
            .formatted(id, owner, erasure, version);
    tell(id, EventTypes.PERSONA_DELETED, eventId, json);
  }

  private void tell(long id, String type, UUID eventId, String json) {
    try (KafkaProbe probe = KafkaProbe.on(bootstrapServers, Topics.PERSONA_LIFECYCLE)) {
      probe.send(Topics.PERSONA_LIFECYCLE, Long.toString(id), eventId, type, json);
    }
  }

  private HttpRequest.Builder request(String path, String bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60));
    return bearer == null ? request : request.header("Authorization", bearer);
  }

  private static HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void part(ByteArrayOutputStream body, String disposition, byte[] content) {
    body.writeBytes(
        ("--frontier\r\nContent-Disposition: form-data; name=\"" + disposition + "\"\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
  }
}
