package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.Topics;
import io.mybella.local.Instance;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.local.supervisor.State;
import io.mybella.system.DailyUser.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two instances of each service, the gateway included, each pair behind a {@link Balancer}. One
 * after the other is ended, by SIGTERM and by {@code kill -9}, while users do what users do: they
 * keep their sessions, get no answer that does not hold, and lose nothing.
 *
 * <p>For {@code two.seconds}, but each instance ends in both ways at least. Only in the nightly
 * build.
 */
@Tag("nightly")
@Isolated("Ten services leave no room for others")
class TwoOfEverythingIT {

  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("two.seconds", 600));
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int USERS = 3;

  private enum End {
    TERM,
    KILL
  }

  /**
   * What an end did.
   *
   * @param healthy until the instance was back
   * @param silence the longest time without a good answer to anybody
   */
  private record Recovery(String part, End end, Duration healthy, Duration silence, long troubles) {

    @Override
    public String toString() {
      return "%-18s %-4s back after %5.1f s, longest silence %4d ms, %d requests repeated"
          .formatted(part, end, healthy.toMillis() / 1000.0, silence.toMillis(), troubles);
    }
  }

  private final AtomicReference<String> weather = new AtomicReference<>(DailyUser.CALM);
  private final List<Recovery> recoveries = new ArrayList<>();
  private final List<DailyUser> users = new ArrayList<>();
  private final List<Future<?>> days = new ArrayList<>();

  @Test
  void nothingIsLostWhicheverOfTwoEnds(@TempDir Path home) throws Exception {
    Map<Service, Balancer> balancers = new EnumMap<>(Service.class);
    try {
      for (Service service : Service.values()) {
        balancers.put(service, new Balancer());
      }
      try (TestPlatform platform = start(home, balancers)) {
        List<String> parts = doubled(platform, balancers);
        try {
          liveThrough(platform, balancers, parts);
        } finally {
          tell();
        }
        assertNothingWasLost(platform);
      }
    } finally {
      for (Balancer balancer : balancers.values()) {
        balancer.close();
      }
    }
  }

  /** Every service asks the others by way of their balancers. */
  private static TestPlatform start(Path home, Map<Service, Balancer> balancers) {
    Map<String, String> more = new HashMap<>();
    balancers.forEach(
        (service, balancer) ->
            more.put("MYBELLA_%s_URL".formatted(service.name()), balancer.url().toString()));
    more.put(
        "MYBELLA_JWKS_URI",
        balancers.get(Service.GATEWAY).url().resolve("/.well-known/jwks.json").toString());
    more.put("MYBELLA_START_LIMIT", "300");
    more.put("MYBELLA_KAFKA_SESSION_MS", "10000");
    return TestPlatform.start(TestPlatform.onFreePorts(home, more), System.out::println);
  }

  /** Starts the second ones; returns the names of all, each beside its twin. */
  private static List<String> doubled(TestPlatform platform, Map<Service, Balancer> balancers) {
    // Before anybody asks: the gateway serves the keys that the others start with.
    List<String> parts = new ArrayList<>();
    for (Service service : Service.values()) {
      balancers.get(service).add(platform.url(service).getPort());
    }
    for (Service service : Service.values()) {
      Instance twin = platform.startReplica(service);
      balancers.get(service).add(twin.port());
      parts.addAll(List.of(service.module(), twin.part()));
    }
    return parts;
  }

  private void liveThrough(
      TestPlatform platform, Map<Service, Balancer> balancers, List<String> parts)
      throws Exception {
    AtomicBoolean running = new AtomicBoolean(true);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < USERS; i++) {
        DailyUser user =
            new DailyUser(
                balancers.get(Service.GATEWAY).url(),
                "User" + i,
                Account.register(platform, "User" + i).session(),
                weather::get,
                running);
        users.add(user);
        days.add(threads.submit(user));
      }
      try {
        endInTurn(platform, parts);
      } finally {
        running.set(false);
      }
    }
  }

  private void endInTurn(TestPlatform platform, List<String> parts) throws Exception {
    Instant end = Instant.now().plus(TIME);
    int ends = 0;
    while (ends < 2 * parts.size() || Instant.now().isBefore(end)) {
      String part = parts.get(ends % parts.size());
      // Each twin in another way each time round.
      End way = End.values()[(ends / parts.size() + ends) % 2];
      calm();
      recoveries.add(end(platform, part, way));
      System.out.println(recoveries.getLast());
      ends++;
    }
    calm();
  }

  /** Waits until each user has ended a round that began after the last trouble. */
  private void calm() throws Exception {
    weather.set(DailyUser.CALM);
    List<Integer> enough = users.stream().map(user -> user.rounds() + 2).toList();
    await().atMost(LIMIT).until(() -> anyDayIsOver() || all(enough));
    for (Future<?> day : days) {
      if (day.isDone()) {
        // It has failed, and says how.
        day.get();
      }
    }
  }

  private boolean anyDayIsOver() {
    return days.stream().anyMatch(Future::isDone);
  }

  private boolean all(List<Integer> rounds) {
    return IntStream.range(0, users.size()).allMatch(i -> users.get(i).rounds() >= rounds.get(i));
  }

  private Recovery end(TestPlatform platform, String part, End way) {
    long pid = platform.pid(part);
    int troubles = troubles();
    weather.set(way + " " + part);
    long began = System.nanoTime();
    if (way == End.KILL) {
      platform.kill(part);
    } else {
      assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroy)).contains(true);
    }
    await()
        .atMost(LIMIT)
        .until(
            () ->
                platform.pid(part) > 0
                    && platform.pid(part) != pid
                    && platform.state(part) == State.HEALTHY);
    long back = System.nanoTime();
    return new Recovery(
        part, way, Duration.ofNanos(back - began), silence(began, back), troubles() - troubles);
  }

  private int troubles() {
    return users.stream().mapToInt(user -> user.troubles().size()).sum();
  }

  private Duration silence(long from, long to) {
    List<Long> moments =
        Stream.concat(
                Stream.of(from, to),
                users.stream()
                    .flatMap(user -> user.successes().stream())
                    .filter(moment -> moment > from && moment < to))
            .sorted()
            .toList();
    long longest = 0;
    for (int i = 1; i < moments.size(); i++) {
      longest = Math.max(longest, moments.get(i) - moments.get(i - 1));
    }
    return Duration.ofNanos(longest);
  }

  private void tell() {
    System.out.printf(
        "%d ends; %d rounds of the quick test by %d users, %d good answers%n",
        recoveries.size(),
        users.stream().mapToInt(DailyUser::rounds).sum(),
        users.size(),
        users.stream().mapToInt(user -> user.successes().size()).sum());
    recoveries.forEach(System.out::println);
    users.stream()
        .flatMap(user -> user.troubles().stream())
        .collect(Collectors.groupingBy(Trouble::during, Collectors.counting()))
        .forEach((during, count) -> System.out.println(during + ": " + count));
    users.forEach(user -> user.troubles().forEach(System.out::println));
  }

  private void assertNothingWasLost(TestPlatform platform) {
    assertThat(users).allSatisfy(user -> assertThat(user.rounds()).isPositive());
    // Whoever is asked to end ends what it has begun, and says so.
    assertThat(users.stream().flatMap(user -> user.lostAnswers().stream()))
        .filteredOn(trouble -> trouble.during().startsWith(End.TERM.name()))
        .isEmpty();
    assertThat(users.stream().flatMap(user -> user.troubles().stream()))
        .filteredOn(trouble -> trouble.during().equals(DailyUser.CALM))
        .isEmpty();
    Set<String> personas =
        users.stream()
            .flatMap(user -> user.personas().stream())
            .map(Object::toString)
            .collect(Collectors.toSet());
    Map<String, EventHistory> histories =
        EventHistory.read(platform, Topics.PERSONA_LIFECYCLE, personas);
    assertThat(histories.keySet()).isEqualTo(personas);
    // Made, and deleted: each told, and nothing else.
    assertThat(histories.values())
        .allSatisfy(history -> assertThat(history.versions()).containsExactly(1L, 2L));
  }
}
