package io.mybella.operator.importing.delivery;

import io.mybella.operator.PlatformAccess;
import io.mybella.operator.importing.delivery.Outcome.Kind;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The import endpoints of a platform over HTTP. What comes to nothing now is tried again for a
 * while: a service that is busy or starts anew, and a persona that a service has not heard of yet.
 * A batch that is refused as a whole is halved until the row that is to blame stands alone.
 */
public final class Services implements Recipient, AutoCloseable {

  private static final Set<Integer> LATER = Set.of(409, 429, 502, 503, 504);
  private static final Set<Integer> LATER_AT_THE_DOOR = Set.of(429, 502, 503, 504);
  private static final Set<Integer> REFUSED = Set.of(400, 413, 415, 422);

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration KNOCK = Duration.ofSeconds(15);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final int MOST_ANSWER = 4 << 20;
  private static final int MOST_DETAIL = 300;

  private static final String JSON = "application/json";
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  private static final Map<String, String> TYPES =
      Map.of(
          "png", "image/png",
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "gif", "image/gif",
          "webp", "image/webp",
          "mp3", "audio/mpeg",
          "wav", "audio/wav",
          "ogg", "audio/ogg",
          "m4a", "audio/mp4",
          "webm", "audio/webm");

  private final PlatformAccess platform;
  private final String source;
  private final Duration patience;
  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * The services of a platform.
   *
   * @param source names the old installation
   * @param patience how long a request is tried again
   */
  public Services(PlatformAccess platform, String source, Duration patience) {
    this.platform = platform;
    this.source = source;
    this.patience = patience;
  }

  @Override
  public void requireOpenDoors() throws PlatformUnavailable, InterruptedException {
    if (platform.token().isEmpty()) {
      throw new PlatformUnavailable(
          PlatformAccess.TOKEN + " is not set: it is the token that the services were given");
    }
    byte[] nothing = body(Map.of(), List.of());
    for (Endpoint door : List.of(Endpoint.ACCOUNTS, Endpoint.PERSONAS, Endpoint.MESSAGES)) {
      knock(door, request(door.address(platform), JSON, BodyPublishers.ofByteArray(nothing)));
    }
    URI samples = fileAddress(Endpoint.SAMPLES, "0/0", "preflight:0");
    knock(Endpoint.SAMPLES, request(samples, UNKNOWN_TYPE, BodyPublishers.noBody()));
  }

  /** Sends what cannot be taken: whoever says so has accepted the token. */
  private void knock(Endpoint door, HttpRequest nothing)
      throws PlatformUnavailable, InterruptedException {
    Duration wait = patience.compareTo(KNOCK) < 0 ? patience : KNOCK;
    HttpResponse<String> answer = answer(door, nothing, LATER_AT_THE_DOOR, wait);
    if (answer.statusCode() != 409) {
      judged(door, answer);
    }
  }

  @Override
  public List<Outcome> deliver(Endpoint endpoint, Map<String, Object> head, List<Row> rows)
      throws PlatformUnavailable, InterruptedException {
    HttpResponse<String> answer =
        send(
            endpoint,
            endpoint.address(platform),
            JSON,
            BodyPublishers.ofByteArray(body(head, rows)));
    if (answer.statusCode() == 200) {
      return outcomes(endpoint, answer.body(), rows.stream().map(Row::key).toList());
    }
    if (rows.size() == 1) {
      return List.of(Outcome.skipped(rows.getFirst().key(), refusal(endpoint, answer)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    int half = rows.size() / 2;
    outcomes.addAll(deliver(endpoint, head, rows.subList(0, half)));
    outcomes.addAll(deliver(endpoint, head, rows.subList(half, rows.size())));
    return outcomes;
  }

  @Override
  public Outcome deliver(Endpoint endpoint, String whose, String key, Path file)
      throws PlatformUnavailable, InterruptedException {
    BodyPublisher content;
    try {
      content = BodyPublishers.ofFile(file);
    } catch (FileNotFoundException e) {
      return Outcome.skipped(key, "the file cannot be read");
    }
    HttpResponse<String> answer =
        send(endpoint, fileAddress(endpoint, whose, key), typeOf(file), content);
    return answer.statusCode() == 200
        ? outcomes(endpoint, answer.body(), List.of(key)).getFirst()
        : Outcome.skipped(key, refusal(endpoint, answer));
  }

  private URI fileAddress(Endpoint endpoint, String whose, String key) {
    return URI.create(
        "%s/%s?source=%s&key=%s"
            .formatted(
                endpoint.address(platform),
                whose,
                source,
                URLEncoder.encode(key, StandardCharsets.UTF_8)));
  }

  private static String typeOf(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), UNKNOWN_TYPE);
  }

  private byte[] body(Map<String, Object> head, List<Row> rows) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Map<String, Object> all = new TreeMap<>(head);
    all.put("source", source);
    byte[] start = json.writeValueAsBytes(all);
    // The object is left open for the rows, which are JSON already.
    body.write(start, 0, start.length - 1);
    body.writeBytes(",\"rows\":[".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      rows.get(i).writeTo(body);
    }
    body.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  /** Sends until there is an answer that lasts: 200, or a refusal of what was sent. */
  private HttpResponse<String> send(
      Endpoint endpoint, URI address, String type, BodyPublisher content)
      throws PlatformUnavailable, InterruptedException {
    return judged(endpoint, answer(endpoint, request(address, type, content), LATER, patience));
  }

  private HttpRequest request(URI address, String type, BodyPublisher content) {
    return HttpRequest.newBuilder(address)
        .header("Authorization", "Bearer " + platform.token())
        .header("Content-Type", type)
        .header("Accept", "application/json, application/problem+json")
        .timeout(ANSWER)
        .POST(content)
        .build();
  }

  private HttpResponse<String> answer(
      Endpoint endpoint, HttpRequest request, Set<Integer> later, Duration wait)
      throws PlatformUnavailable, InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      Attempt attempt = attempt(request);
      HttpResponse<String> answer = attempt.answer();
      if (answer != null && !later.contains(answer.statusCode())) {
        return answer;
      }
      if (System.nanoTime() > deadline) {
        throw gaveUp(endpoint, attempt, wait);
      }
      Thread.sleep(Math.max(pause, attempt.retryAfterMillis()));
      pause =
          Math.min(LONGEST_PAUSE_MILLIS, pause * 2)
              + ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS);
    }
  }

  private Attempt attempt(HttpRequest request) throws InterruptedException {
    try {
      return new Attempt(
          client.send(
              request,
              BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_ANSWER)),
          null);
    } catch (IOException e) {
      return new Attempt(null, e);
    }
  }

  private HttpResponse<String> judged(Endpoint endpoint, HttpResponse<String> answer)
      throws PlatformUnavailable {
    int status = answer.statusCode();
    if (status == 200 || REFUSED.contains(status)) {
      return answer;
    }
    throw switch (status) {
      case 401, 403 ->
          new PlatformUnavailable(
              "%s refuses the operator's token: %s here is not the one that it was given"
                  .formatted(endpoint.service(), PlatformAccess.TOKEN));
      case 404 ->
          new PlatformUnavailable(
              "%s has no import endpoints at %s: either it was started without %s, or something else answers there"
                  .formatted(endpoint.service(), answer.uri(), PlatformAccess.TOKEN));
      default ->
          new PlatformUnavailable(
              "%s failed with %d: see its log".formatted(endpoint.service(), status));
    };
  }

  private PlatformUnavailable gaveUp(Endpoint endpoint, Attempt last, Duration wait) {
    HttpResponse<String> answer = last.answer();
    if (answer == null) {
      return new PlatformUnavailable(
          "%s does not answer at %s: does the platform run?"
              .formatted(endpoint.service(), endpoint.address(platform)),
          last.failure());
    }
    return answer.statusCode() == 409
        ? new PlatformUnavailable(
            "%s has not heard of a persona for %d s: is the broker reachable? (%s)"
                .formatted(endpoint.service(), wait.toSeconds(), detail(answer)))
        : new PlatformUnavailable(
            "%s has answered %d for %d s (%s)"
                .formatted(
                    endpoint.service(), answer.statusCode(), wait.toSeconds(), detail(answer)));
  }

  private String refusal(Endpoint endpoint, HttpResponse<String> answer) {
    return "refused by %s: %s".formatted(endpoint.service(), detail(answer));
  }

  private String detail(HttpResponse<String> answer) {
    String detail = "";
    try {
      JsonNode problem = json.readTree(answer.body());
      detail = problem.path("detail").asString(problem.path("title").asString(""));
    } catch (JacksonException noProblemJson) {
      // Whatever stands in between answers in its own way.
    }
    return detail.isEmpty()
        ? "status " + answer.statusCode()
        : detail.substring(0, Math.min(detail.length(), MOST_DETAIL));
  }

  private List<Outcome> outcomes(Endpoint endpoint, String body, List<String> keys)
      throws PlatformUnavailable {
    try {
      List<Outcome> outcomes = new ArrayList<>();
      for (JsonNode result : json.readTree(body).path("results")) {
        outcomes.add(
            new Outcome(
                result.path("key").asString(""),
                Kind.valueOf(result.path("outcome").asString("").toUpperCase(Locale.ROOT)),
                result.path("id").isNumber() ? (Long) result.path("id").asLong() : null,
                result.path("reason").isString() ? result.path("reason").asString() : null));
      }
      if (outcomes.stream().map(Outcome::key).toList().equals(keys)) {
        return outcomes;
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new PlatformUnavailable(
          endpoint.service() + " answers in a way that this importer does not know", e);
    }
    throw new PlatformUnavailable(
        endpoint.service() + " answers about other rows than it was given");
  }

  @Override
  public void close() {
    client.close();
  }

  /** An answer or a failure. */
  private record Attempt(@Nullable HttpResponse<String> answer, @Nullable IOException failure) {

    long retryAfterMillis() {
      return Optional.ofNullable(answer)
          .flatMap(given -> given.headers().firstValue("Retry-After"))
          .filter(seconds -> seconds.matches("\\d{1,2}"))
          .map(seconds -> Long.parseLong(seconds) * 1000)
          .orElse(0L);
    }
  }
}
