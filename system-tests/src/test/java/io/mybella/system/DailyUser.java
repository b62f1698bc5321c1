package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.system.ApiClient.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who does the quick test again and again, with one session all day, and repeats what did
 * not go well. What an answer promised must be seen by the next request, whoever serves it.
 */
final class DailyUser implements Runnable {

  /**
   * A request that did not go well.
   *
   * @param during what was happening to the platform
   * @param what a status, or how the connection broke
   */
  record Trouble(String during, String request, String what) {}

  /** What the weather is when nothing happens to the platform. */
  static final String CALM = "calm";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final URI gateway;
  private final String name;
  private final Map<String, String> session;

  /** The same, for a reply that is not streamed. */
  private final Map<String, String> inOnePiece;

  private final Supplier<String> weather;
  private final AtomicBoolean running;
  private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
  private final Queue<Trouble> lostAnswers = new ConcurrentLinkedQueue<>();
  private final Queue<Long> successes = new ConcurrentLinkedQueue<>();
  private final Set<Long> personas = new HashSet<>();
  private final AtomicInteger rounds = new AtomicInteger();

  /**
   * @param weather what is happening to the platform at the moment
   * @param running as long as rounds begin
   */
  DailyUser(
      URI gateway,
      String name,
      Map<String, String> session,
      Supplier<String> weather,
      AtomicBoolean running) {
    this.gateway = gateway;
    this.name = name;
    this.session = session;
    this.inOnePiece = new HashMap<>(session);
    this.inOnePiece.put("Accept", "application/json");
    this.weather = weather;
    this.running = running;
  }

  /** Rounds that ended well. */
  int rounds() {
    return rounds.get();
  }

  /** All personas that it has made, and deleted again. */
  Set<Long> personas() {
    return personas;
  }

  /** What did not go well at once. */
  List<Trouble> troubles() {
    return List.copyOf(troubles);
  }

  /** What was done though the answer said or meant that it was not. */
  List<Trouble> lostAnswers() {
    return List.copyOf(lostAnswers);
  }

  /** When requests were answered well, in nanoseconds as {@link System#nanoTime()} counts. */
  List<Long> successes() {
    return List.copyOf(successes);
  }

  @Override
  public void run() {
    while (running.get()) {
      round();
      rounds.incrementAndGet();
    }
  }

  private void round() {
    long persona = create("%s %d".formatted(name, rounds.get()));
    personas.add(persona);
    ask(Call.of("POST", "/api/personas/switch").json(Map.of("persona_id", persona)), 200);
    Answer current = ask(Call.of("GET", "/api/personas/current"), 200);
    assertThat(current.body().path("id").asLong()).as("%s", current.body()).isEqualTo(persona);

    say(persona, "a");
    say(1, "b");
    assertThat(said(persona)).as("each once, in order").containsExactly("a " + rounds);
    assertThat(said(1)).as("the newest of the other").contains("b " + rounds);
    Answer speech =
        ask(
            Call.of("POST", "/api/personas/1/voice/speech")
                .json(Map.of("text", "Good morning number " + rounds)),
            200);
    assertThat(speech.raw().body()).hasSizeGreaterThan(2000);

    String erasure = delete(persona);
    ask(Call.of("GET", "/api/personas/" + persona), 404);
    if (!erasure.isEmpty()) {
      until(
          () ->
              ask(Call.of("GET", "/api/personas/erasures/" + erasure), 200)
                  .body()
                  .path("status")
                  .asString()
                  .equals("complete"));
      ask(Call.of("GET", "/api/personas/" + persona + "/messages"), 404);
    }
    ask(Call.of("GET", "/api/auth/me"), 200);
  }

  private long create(String persona) {
    long began = troubles.size();
    while (true) {
      Answer made =
          once(Call.of("POST", "/api/personas/create").json(Map.of("name", persona)), 201);
      if (made != null) {
        return made.body().path("persona").path("id").asLong();
      }
      for (JsonNode each : ask(Call.of("GET", "/api/personas/available"), 200).body()) {
        if (each.path("name").asString().equals(persona)) {
          lost(began);
          return each.path("id").asLong();
        }
      }
    }
  }

  /** Returns the id of the erasure; empty when the answer that named it got lost. */
  private String delete(long persona) {
    long began = troubles.size();
    Answer deleted = ask(Call.of("DELETE", "/api/personas/" + persona), 200, 404);
    if (deleted.status() == 404) {
      assertThat(troubles.size()).as("deleted by nobody else").isGreaterThan((int) began);
      lost(began);
    }
    return deleted.body().path("erasure_id").asString("");
  }

  private void lost(long began) {
    troubles.stream().skip(began).reduce((_, last) -> last).ifPresent(lostAnswers::add);
  }

  /** Sent as often as it takes with an id of its own, so it is remembered once. */
  private void say(long persona, String word) {
    ask(
        Call.of("POST", "/api/personas/%d/chat".formatted(persona))
            .json(
                Map.of(
                    "content",
                    word + " " + rounds,
                    "client_message_id",
                    "%s-%s-%d".formatted(name, word, rounds.get()))),
        200);
  }

  private List<String> said(long persona) {
    return ask(Call.of("GET", "/api/personas/%d/messages".formatted(persona)), 200)
        .body()
        .path("messages")
        .valueStream()
        .filter(each -> each.path("role").asString().equals("user"))
        .map(each -> each.path("content").asString())
        .toList();
  }

  /** Repeats a request until it is answered with one of these. */
  private Answer ask(Call call, Integer... expected) {
    var answers = new Object[1];
    until(
        () -> {
          answers[0] = once(call, expected);
          return answers[0] != null;
        });
    return (Answer) answers[0];
  }

  /** Null when it did not go well; an answer that is not for want of a service is a failure. */
  private Answer once(Call call, Integer... expected) {
    String before = weather.get();
    try {
      Answer answer = call.send(gateway, call.path().endsWith("/chat") ? inOnePiece : session);
      if (List.of(expected).contains(answer.status())) {
        successes.add(System.nanoTime());
        return answer;
      }
      assertThat(answer.status()).as("%s: %s", call, answer.body()).isIn(429, 500, 502, 503, 504);
      trouble(before, call, answer.status() + " " + answer.body());
    } catch (UncheckedIOException broken) {
      trouble(before, call, String.valueOf(broken.getCause()));
    }
    return null;
  }

  /** What began in calm weather was caught by what has come up since. */
  private void trouble(String before, Call call, String what) {
    String during = before.equals(CALM) ? weather.get() : before;
    troubles.add(new Trouble(during, call.toString(), what));
  }

  private static void until(Supplier<Boolean> done) {
    long end = System.nanoTime() + LIMIT.toNanos();
    Semaphore never = new Semaphore(0);
    while (!done.get()) {
      assertThat(System.nanoTime()).as("two minutes are enough").isLessThan(end);
      try {
        // A pause as people make it.
        assertThat(never.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
