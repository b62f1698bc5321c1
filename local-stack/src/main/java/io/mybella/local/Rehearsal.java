package io.mybella.local;

import io.mybella.local.settings.Passwords;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a person does first, so that a start cache knows the classes of it: looks at the page,
 * registers, picks a persona, talks and listens. And what many do all the time, so that it knows
 * how the code behaves then: the second compiler begins with these profiles.
 */
final class Rehearsal {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A page of ours reads it from the cookie and sends it along; any pair of equal ones will do. */
  private static final String TOKEN = "XSRF-TOKEN";

  private static final String AVAILABLE = "/api/personas/available";
  private static final int BUILT_IN = 6;

  /** A multiple of what the second compiler waits for before it compiles: 5,000 calls. */
  static final int OFTEN = 25_000;

  /**
   * For what is done often: at the lowest priority a busy machine would have it go on for hours.
   */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final int LISTS_PER_SWITCH = 4;
  private static final int AT_A_TIME = 8;

  private final URI gateway;
  private final CookieManager cookies = new CookieManager();
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

  private Rehearsal(URI gateway) {
    this.gateway = gateway;
  }

  /**
   * Plays it on a platform that nobody uses.
   *
   * @param often how many requests of those that are made all the time come after that
   * @return what did not go well, in words
   */
  static List<String> play(URI gateway, int often) throws InterruptedException {
    Rehearsal rehearsal = new Rehearsal(gateway);
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(LIMIT).cookieHandler(rehearsal.cookies).build()) {
      rehearsal.play(client);
      rehearsal.repeat(client, often);
    }
    return rehearsal.problems;
  }

  private void play(HttpClient client) throws InterruptedException {
    HttpCookie token = new HttpCookie(TOKEN, UUID.randomUUID().toString());
    // As the gateway's own, which takes its place.
    token.setDomain(gateway.getHost());
    token.setPath("/");
    token.setVersion(0);
    cookies.getCookieStore().add(gateway, token);
    send(client, "GET", "/users/personas", "");
    send(
        client,
        "POST",
        "/api/auth/register",
        """
        {"name": "Rehearsal", "email": "rehearsal@example.org", "password": "%s"}
        """
            .formatted(Passwords.random()));
    send(client, "GET", AVAILABLE, "");
    send(client, "POST", "/api/personas/create", "{\"name\": \"Rehearsal\"}");
    switchTo(client, 3);
    send(client, "GET", "/api/personas/current", "");
    send(client, "POST", "/api/personas/3/chat", "{\"content\": \"Hello!\"}");
    send(client, "GET", "/api/personas/3/messages", "");
    send(client, "POST", "/api/personas/3/voice/speech", "{\"text\": \"Good morning.\"}");
  }

  /** Lists and switches, of several at a time, as long as all goes well and time is left. */
  private void repeat(HttpClient client, int times) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(times);
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> one :
          each.invokeAll(Collections.nCopies(AT_A_TIME, () -> repeatInTurn(client, left)))) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("What is done often cannot be rehearsed", e.getCause());
    }
  }

  private boolean repeatInTurn(HttpClient client, AtomicInteger left) throws InterruptedException {
    long begin = System.nanoTime();
    int turn = left.decrementAndGet();
    while (turn >= 0 && problems.isEmpty() && System.nanoTime() - begin < LONGEST.toNanos()) {
      if (turn % (LISTS_PER_SWITCH + 1) == 0) {
        switchTo(client, 1 + turn % BUILT_IN);
      } else {
        send(client, "GET", AVAILABLE, "");
      }
      turn = left.decrementAndGet();
    }
    return problems.isEmpty();
  }

  private void switchTo(HttpClient client, int persona) throws InterruptedException {
    send(client, "POST", "/api/personas/switch", "{\"persona_id\": %d}".formatted(persona));
  }

  private void send(HttpClient client, String method, String path, String json)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(LIMIT)
            .method(
                method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (!json.isEmpty()) {
      request.header("Content-Type", "application/json").header("X-XSRF-TOKEN", token());
    }
    try {
      int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
      if (status >= 400) {
        problems.add(method + " " + path + " answered " + status);
      }
    } catch (IOException e) {
      problems.add(method + " " + path + ": " + e.getMessage());
    }
  }

  private String token() {
    return cookies.getCookieStore().get(gateway).stream()
        .filter(cookie -> cookie.getName().equals(TOKEN))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }
}
