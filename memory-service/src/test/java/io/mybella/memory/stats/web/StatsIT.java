package io.mybella.memory.stats.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** The figures of a memory are true. */
class StatsIT extends MemoryServiceTest {

  @Test
  void everythingIsCounted() {
    PairId pair = newPair();
    bringBack(
        pair,
        List.of(
            Map.of("role", "user", "content", "é", "created_at", "2024-02-29T23:59:59.999999Z"),
            Map.of(
                "role",
                "assistant",
                "content",
                "🙂",
                "tokens",
                5,
                "created_at",
                "2024-03-01T00:00:00Z")));
    Map<String, Object> last = say(pair, "now");
    say(new PairId(pair.userId(), personaOf(pair.userId())), "to another persona");

    Map<String, Object> stats = stats(pair);

    assertThat(stats)
        .containsEntry("messages", 3)
        .containsEntry("conversations", 2)
        .containsEntry("tokens", 5)
        .containsEntry("bytes", 2 + 4 + 3)
        .containsEntry("first_message_at", "2024-02-29T23:59:59.999999Z")
        .containsEntry("last_message_at", last.get("created_at"))
        .containsEntry("per_role", Map.of("user", 2, "assistant", 1, "system", 0))
        .containsOnlyKeys(
            "messages",
            "conversations",
            "tokens",
            "bytes",
            "first_message_at",
            "last_message_at",
            "per_role",
            "per_day");
    assertThat(perDay(pair)).extracting(day -> day.get("messages")).containsExactly(1);
  }

  @Test
  void daysAreThoseOfUtcAndOfThePastYear() {
    PairId pair = newPair();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    bringBack(
        pair,
        List.of(
            at(today.minusDays(367), "12:00:00Z"),
            at(today.minusDays(364), "23:59:59.999999Z"),
            at(today.minusDays(363), "00:00:00Z"),
            at(today.minusDays(363), "23:00:00Z"),
            at(today.minusDays(1), "00:00:00Z")));

    assertThat(perDay(pair))
        .containsExactly(
            Map.of("day", today.minusDays(364).toString(), "messages", 1),
            Map.of("day", today.minusDays(363).toString(), "messages", 2),
            Map.of("day", today.minusDays(1).toString(), "messages", 1));
    assertThat(stats(pair)).containsEntry("messages", 5);
  }

  @Test
  void aDayOfEveryDayIsNoMoreThanAYear() {
    PairId pair = newPair();
    Instant noon = Instant.now();
    bringBack(
        pair,
        IntStream.rangeClosed(0, 400)
            .mapToObj(day -> noon.minusSeconds(86_400L * (400 - day)).toString())
            .map(time -> Map.<String, Object>of("role", "user", "content", "x", "created_at", time))
            .toList());
    assertThat(perDay(pair)).hasSizeBetween(365, 366);
    assertThat(stats(pair)).containsEntry("messages", 401).containsEntry("conversations", 401);
  }

  @Test
  void nothingIsCountedOfWhatIsForgottenOrWasNeverSaid() {
    PairId pair = newPair();
    assertNothing(stats(pair));
    say(pair, "hello");
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    assertNothing(stats(pair));
  }

  private static void assertNothing(Map<String, Object> stats) {
    assertThat(stats)
        .containsEntry("messages", 0)
        .containsEntry("conversations", 0)
        .containsEntry("tokens", 0)
        .containsEntry("bytes", 0)
        .containsEntry("first_message_at", null)
        .containsEntry("last_message_at", null)
        .containsEntry("per_role", Map.of("user", 0, "assistant", 0, "system", 0))
        .containsEntry("per_day", List.of());
  }

  @Test
  void nothingIsCountedOfOthers() {
    long everybodys = systemPersona();
    PairId mine = new PairId(newId(), everybodys);
    PairId yours = new PairId(newId(), everybodys);
    say(mine, "mine");
    say(yours, "yours");
    say(yours, "yours, too");
    assertThat(stats(mine)).containsEntry("messages", 1);

    PairId owners = newPair();
    exchange(new PairId(mine.userId(), owners.personaId()))
        .expectStatus()
        .isNotFound()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  @Test
  void whoeverCountsAtTheSameTimeLeavesConnectionsToOthers() throws Exception {
    PairId pair = newPair();
    say(pair, "hello");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpStatusCode>> counting =
          asSuperuser(
              db -> {
                db.sql("BEGIN").update();
                db.sql("LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE").update();
                List<Future<HttpStatusCode>> two =
                    IntStream.range(0, 2)
                        .mapToObj(_ -> threads.submit(() -> status(pair)))
                        .toList();
                await().until(() -> waiting() >= 2);
                exchange(pair).expectStatus().isEqualTo(503).expectHeader().exists("Retry-After");
                db.sql("COMMIT").update();
                return two;
              });
      for (Future<HttpStatusCode> each : counting) {
        assertThat(each.get().value()).isEqualTo(200);
      }
    }
  }

  private HttpStatusCode status(PairId pair) {
    return exchange(pair).expectBody().returnResult().getStatus();
  }

  private long waiting() {
    return asSuperuser(
        db ->
            db.sql(
                    """
                    SELECT count(*) FROM pg_locks
                    WHERE NOT granted AND relation = 'conversation'::regclass
                    """)
                .query(Long.class)
                .single());
  }

  private static Map<String, Object> at(LocalDate day, String time) {
    return Map.of("role", "user", "content", "x", "created_at", day + "T" + time);
  }

  private void bringBack(PairId pair, List<Map<String, Object>> messages) {
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("messages", messages))
        .exchange()
        .expectStatus()
        .isCreated();
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private List<Map<String, Object>> perDay(PairId pair) {
    return (List<Map<String, Object>>) Objects.requireNonNull(stats(pair).get("per_day"));
  }

  private Map<String, Object> stats(PairId pair) {
    return answer(exchange(pair).expectStatus().isOk());
  }

  private ResponseSpec exchange(PairId pair) {
    return as(pair.userId())
        .get()
        .uri("/api/personas/" + pair.personaId() + "/memory/stats")
        .exchange();
  }
}
