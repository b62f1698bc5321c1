package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.mybella.local.supervisor.Program;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A user who makes one change after the other, at whichever instance of persona-service answers,
 * and remembers what was promised: a change whose answer arrived has happened, one whose connection
 * broke may have.
 */
final class PersonaWriter implements Runnable {

  /** A change that an instance said it had made. */
  sealed interface Promise {

    /** A persona has this tagline. */
    record Written(long personaId, String tagline) implements Promise {}

    /** A persona is gone, and this erasure runs. */
    record Deleted(long personaId, String erasureId) implements Promise {}

    /** Another persona is the active one. */
    record Switched(long personaId) implements Promise {}
  }

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<Long> BUILT_IN = LongStream.rangeClosed(1, 6).boxed().toList();
  private static final int FEW = 3;

  private final long userId;
  private final String authorization;
  private final List<URI> instances;
  private final AtomicBoolean running;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random;

  private final List<Promise> promises = new ArrayList<>();
  private final List<Long> own = new ArrayList<>();

  /** More than one after a switch whose answer did not arrive. */
  private Set<Long> maybeActive = Set.of(1L);

  private int step;
  private int unknown;

  /** Nothing was sent to an instance that refuses connections, so another one may have it. */
  private final AtomicInteger refused = new AtomicInteger();

  PersonaWriter(long userId, String authorization, List<URI> instances, AtomicBoolean running) {
    this.userId = userId;
    this.authorization = authorization;
    this.instances = instances;
    this.running = running;
    this.random = new Random(userId);
  }

  long userId() {
    return userId;
  }

  /** In the order of the answers. */
  List<Promise> promises() {
    return promises;
  }

  /** How many changes were sent whose answer did not arrive. */
  int unknown() {
    return unknown;
  }

  /** How many requests went on to the other instance so far; can be asked while users write. */
  int refused() {
    return refused.get();
  }

  /** One change. */
  @Override
  public void run() {
    step++;
    int dice = random.nextInt(100);
    if (own.size() < FEW) {
      create();
    } else if (dice < 6) {
      delete(own.remove(random.nextInt(own.size())));
    } else if (dice < 40) {
      switchTo(another());
    } else {
      update(own.get(random.nextInt(own.size())));
    }
  }

  private void create() {
    String tagline = "t" + step;
    JsonNode answer =
        send("POST", "/create", Map.of("name", "Persona " + step, "tagline", tagline), 201);
    if (answer != null) {
      long id = answer.path("persona").path("id").asLong();
      own.add(id);
      promises.add(new Promise.Written(id, tagline));
    }
  }

  private void update(long id) {
    String tagline = "t" + step;
    if (send("PUT", "/" + id, Map.of("tagline", tagline), 200) != null) {
      promises.add(new Promise.Written(id, tagline));
    }
  }

  private void delete(long id) {
    JsonNode answer = send("DELETE", "/" + id, Map.of(), 200);
    if (maybeActive.contains(id)) {
      maybeActive = with(maybeActive, 1L);
    }
    if (answer != null) {
      promises.add(new Promise.Deleted(id, answer.path("erasure_id").asString()));
    }
  }

  private void switchTo(long id) {
    if (send("POST", "/switch", Map.of("persona_id", id), 200) != null) {
      maybeActive = Set.of(id);
      promises.add(new Promise.Switched(id));
    } else {
      maybeActive = with(maybeActive, id);
    }
  }

  /** A persona that is surely not the active one: only then a switch is a change. */
  private long another() {
    List<Long> others = new ArrayList<>(BUILT_IN);
    others.addAll(own);
    others.removeAll(maybeActive);
    return others.get(random.nextInt(others.size()));
  }

  /** The answer; null when none arrived. */
  private JsonNode send(String method, String path, Map<String, Object> body, int expected) {
    try {
      HttpResponse<byte[]> response = answer(method, path, JSON.writeValueAsString(body));
      if (response == null) {
        return null;
      }
      if (response.statusCode() != expected) {
        throw new AssertionError(
            "%s %s of user %d answered %d: %s"
                .formatted(
                    method,
                    path,
                    userId,
                    response.statusCode(),
                    new String(response.body(), UTF_8)));
      }
      return JSON.readTree(response.body());
    } catch (IOException broken) {
      unknown++;
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Asks an instance that listens; null when the time is over before one does. */
  private HttpResponse<byte[]> answer(String method, String path, String body)
      throws IOException, InterruptedException {
    while (running.get()) {
      for (int i = 0; i < instances.size(); i++) {
        URI instance = instances.get((step + i) % instances.size());
        var request =
            HttpRequest.newBuilder(instance.resolve("/api/personas" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
          return http.send(request, BodyHandlers.ofByteArray());
        } catch (ConnectException nobodyListens) {
          refused.incrementAndGet();
        }
      }
      await().atMost(Duration.ofMinutes(5)).until(() -> !running.get() || somebodyListens());
    }
    return null;
  }

  private boolean somebodyListens() {
    return instances.stream().anyMatch(instance -> Program.probe(instance.getPort(), null));
  }

  private static Set<Long> with(Set<Long> set, long more) {
    Set<Long> larger = new HashSet<>(set);
    larger.add(more);
    return larger;
  }
}
