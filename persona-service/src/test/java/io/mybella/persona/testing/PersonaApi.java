package io.mybella.persona.testing;

import io.mybella.chassis.testing.TestTokens;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as one of its users calls it over HTTP. */
public final class PersonaApi {

  /** One answer, whatever its status. */
  public record Answer(int status, HttpHeaders headers, String text) {

    public JsonNode json() {
      return JSON.readTree(text);
    }

    public String error() {
      return json().path("error").asString("");
    }

    public String eTag() {
      return String.valueOf(headers.getETag());
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AtomicLong USERS = new AtomicLong(7_000);

  private final RestClient client;
  private final long userId;

  private PersonaApi(int port, long userId, @Nullable String authorization) {
    this.userId = userId;
    RestClient.Builder builder =
        RestClient.builder()
            .requestFactory(new JdkClientHttpRequestFactory())
            .baseUrl("http://127.0.0.1:" + port)
            .defaultStatusHandler(status -> true, (request, response) -> {});
    if (authorization != null) {
      builder.defaultHeader(HttpHeaders.AUTHORIZATION, authorization);
    }
    this.client = builder.build();
  }

  /** A user whom the service has never seen. */
  public static PersonaApi newUser(int port) {
    long userId = USERS.incrementAndGet();
    return new PersonaApi(port, userId, TestTokens.bearer(userId));
  }

  public static PersonaApi admin(int port) {
    long userId = USERS.incrementAndGet();
    return new PersonaApi(port, userId, TestTokens.admin(userId));
  }

  public static PersonaApi anonymous(int port) {
    return new PersonaApi(port, 0, null);
  }

  public long userId() {
    return userId;
  }

  public Answer get(String path) {
    return get(path, Map.of());
  }

  public Answer get(String path, Map<String, String> headers) {
    return client
        .get()
        .uri(path)
        .headers(all -> headers.forEach(all::set))
        .exchange(
            (request, response) ->
                new Answer(
                    response.getStatusCode().value(),
                    response.getHeaders(),
                    new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
  }

  public byte[] bytes(String path) {
    byte[] body = client.get().uri(path).retrieve().body(byte[].class);
    return body == null ? new byte[0] : body;
  }

  /** How many bytes an answer has that is not kept. */
  public long length(String path) {
    return client
        .get()
        .uri(path)
        .exchange(
            (request, response) -> response.getBody().transferTo(OutputStream.nullOutputStream()));
  }

  public Answer delete(String path) {
    return send(HttpMethod.DELETE, path, null, null, Map.of());
  }

  public Answer postJson(String path, Object body) {
    return send(HttpMethod.POST, path, MediaType.APPLICATION_JSON, json(body), Map.of());
  }

  public Answer putJson(String path, Object body) {
    return putJson(path, body, Map.of());
  }

  public Answer putJson(String path, Object body, Map<String, String> headers) {
    return send(HttpMethod.PUT, path, MediaType.APPLICATION_JSON, json(body), headers);
  }

  public Answer form(HttpMethod method, String path, Map<String, String> fields) {
    return send(method, path, MediaType.APPLICATION_FORM_URLENCODED, values(fields), Map.of());
  }

  public Answer multipart(HttpMethod method, String path, Map<String, String> fields) {
    return multipart(method, path, fields, null, "");
  }

  public Answer multipart(
      HttpMethod method,
      String path,
      Map<String, String> fields,
      byte @Nullable [] avatar,
      String fileName) {
    MultiValueMap<String, Object> parts = new LinkedMultiValueMap<>();
    fields.forEach(parts::add);
    if (avatar != null) {
      parts.add(
          "avatar",
          new ByteArrayResource(avatar) {
            @Override
            public String getFilename() {
              return fileName;
            }
          });
    }
    return send(method, path, MediaType.MULTIPART_FORM_DATA, parts, Map.of());
  }

  public Answer send(
      HttpMethod method,
      String path,
      @Nullable MediaType type,
      @Nullable Object body,
      Map<String, String> headers) {
    var request = client.method(method).uri(path).headers(all -> headers.forEach(all::set));
    if (type != null) {
      request.contentType(type);
    }
    if (body != null) {
      request.body(body);
    }
    return request.exchange(
        (sent, response) ->
            new Answer(
                response.getStatusCode().value(),
                response.getHeaders(),
                new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
  }

  /** Creates a persona and returns its id. */
  public long create(String name) {
    Answer answer = postJson("/api/personas/create", Map.of("name", name));
    if (answer.status() != 201) {
      throw new AssertionError("Not created: " + answer);
    }
    return answer.json().at("/persona/id").asLong();
  }

  /** Creates a persona with a picture and returns its id. */
  public long create(String name, byte[] avatar) {
    Answer answer =
        multipart(HttpMethod.POST, "/api/personas/create", Map.of("name", name), avatar, "me.png");
    if (answer.status() != 201) {
      throw new AssertionError("Not created: " + answer);
    }
    return answer.json().at("/persona/id").asLong();
  }

  /** The ids of the personas that are current: one, if all is well. */
  public List<Long> currentIds() {
    return get("/api/personas/available")
        .json()
        .valueStream()
        .filter(persona -> persona.get("is_current").asBoolean())
        .map(persona -> persona.get("id").asLong())
        .toList();
  }

  private static Object json(Object body) {
    return body instanceof String text ? text : JSON.writeValueAsString(body);
  }

  private static MultiValueMap<String, String> values(Map<String, String> fields) {
    MultiValueMap<String, String> values = new LinkedMultiValueMap<>();
    fields.forEach(values::add);
    return values;
  }
}
