package io.mybella.persona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import io.mybella.persona.testing.HostilePictures;
import io.mybella.persona.testing.HostilePictures.Hostile;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.Pictures;
import io.mybella.persona.testing.StubbornBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The service as a process with the heap that it has on a user's machine, which ends when that is
 * used up. Whatever one user does, the process stays and others are served. It has a broker to
 * itself, so that nobody else takes its events.
 */
@TestInstance(Lifecycle.PER_CLASS)
class UnderAttackIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Less than a call to the blob store takes that is never answered (12 s). */
  private static final Duration WITHOUT_THE_STORE = Duration.ofSeconds(10);

  private static final String AVAILABLE = "/api/personas/available";
  private static final String CREATE = "/api/personas/create";

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("persona");
  private final JdbcTemplate database =
      new JdbcTemplate(
          new DriverManagerDataSource(fresh.jdbcUrl(), fresh.appUser(), fresh.appPassword()));
  private final KafkaPart kafka = KafkaPart.start(KafkaPart.Options.temporary());
  private final StubbornBlobStore blobs = new StubbornBlobStore();
  private final ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor();
  private ServiceProcess service;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    service =
        ServiceProcess.start(
            PersonaServiceApplication.class,
            Setting.MYBELLA_PERSONA_HEAP.defaultValue(),
            fresh,
            kafka.bootstrapServers(),
            folder,
            // The attackers and the rest of a build use the same processors.
            "--mybella.persona.avatar.patience=30s",
            "--mybella.blobs.kind=s3",
            "--mybella.blobs.s3.bucket=pictures",
            "--mybella.blobs.s3.endpoint=" + blobs.url(),
            "--mybella.blobs.s3.path-style=true",
            "--mybella.blobs.s3.access-key=key",
            "--mybella.blobs.s3.secret-key=secret");
  }

  @AfterEach
  void isThere() {
    assertThat(service.runs()).as("the process").isTrue();
    assertThat(PersonaApi.newUser(service.port()).get(AVAILABLE).status()).isEqualTo(200);
  }

  @AfterAll
  void end() {
    attackers.shutdownNow();
    service.close();
    kafka.close();
    blobs.close();
  }

  @Test
  void hostilePicturesAreRefused() throws Exception {
    for (Hostile each : HostilePictures.all()) {
      assertThat(upload(each.bytes()).status()).as(each.name()).isEqualTo(400);
    }
    for (Future<Answer> each : atOnce(8, i -> upload(HostilePictures.lossyWebp(3000, 2000)))) {
      assertThat(each.get().status()).isIn(400, 503);
    }
    // As large as one may be: they are drawn one after the other.
    for (Future<Answer> each : atOnce(8, i -> upload(HostilePictures.lossless(2900, 2000)))) {
      assertThat(each.get().status()).isIn(201, 503);
    }
  }

  @Test
  void thirtyLargePicturesAtOnceAreDrawnOrRefusedWhileOthersAreServed() throws Exception {
    byte[] picture = Pictures.noise(1285);
    assertThat(picture.length).isBetween(4_800_000, 5 << 20);

    List<Future<Answer>> uploads = atOnce(30, i -> upload(picture));
    PersonaApi other = PersonaApi.newUser(service.port());
    List<Duration> waited = new ArrayList<>();
    while (!uploads.stream().allMatch(Future::isDone)) {
      long start = System.nanoTime();
      assertThat(other.get(AVAILABLE).status()).isEqualTo(200);
      waited.add(Duration.ofNanos(System.nanoTime() - start));
    }

    assertThat(waited).isNotEmpty().allMatch(each -> each.compareTo(LIMIT) < 0);
    assertThat(uploads)
        .extracting(each -> each.resultNow().status())
        .contains(201)
        .isSubsetOf(201, 503);
    assertThat(uploads)
        .filteredOn(each -> each.resultNow().status() == 503)
        .allSatisfy(
            each -> assertThat(each.resultNow().headers().getFirst("Retry-After")).isNotBlank());
  }

  @Test
  void listsOfThirtyMegabytesAreReadByManyAtOnce() throws Exception {
    PersonaApi user = PersonaApi.newUser(service.port());
    database.update(
        """
        insert into persona (owner_user_id, name, display_name, description, personality_traits,
          created_at, updated_at)
        select ?, 'p' || n, 'p' || n, repeat('🎈', 5000), repeat('🎈', 2000), now(), now()
        from generate_series(1, 1091) as n
        """,
        user.userId());

    for (Future<Long> each : atOnce(6, i -> user.length(AVAILABLE))) {
      assertThat(each.get()).isGreaterThan(30_000_000);
    }
  }

  @Test
  void aBlobStoreThatHangsKeepsNobodyWhoDoesNotNeedIt() throws Exception {
    PersonaApi user = PersonaApi.newUser(service.port());
    byte[] picture = Pictures.of("png", 40, 40);
    Set<String> before = blobs.keys();
    List<Long> personas =
        IntStream.range(0, 20).mapToLong(i -> user.create("Coach " + i, picture)).boxed().toList();
    Set<String> own = blobs.keys();
    own.removeAll(before);
    assertThat(own).hasSameSizeAs(personas);
    blobs.hang();
    try {
      List<Future<Answer>> uploads = atOnce(12, i -> upload(picture));
      await().atMost(LIMIT).until(() -> blobs.hanging() >= 12);
      for (long id : personas) {
        long start = System.nanoTime();
        assertThat(user.delete("/api/personas/" + id).status()).isEqualTo(200);
        assertThat(user.get(AVAILABLE).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(WITHOUT_THE_STORE);
      }
      for (Future<Answer> each : uploads) {
        assertThat(each.get().status()).isEqualTo(503);
        assertThat(each.get().headers().getFirst("Retry-After")).isNotBlank();
      }
    } finally {
      blobs.answerAgain();
    }
    await().atMost(Duration.ofMinutes(2)).until(() -> Collections.disjoint(blobs.keys(), own));
  }

  @Test
  void theReceiptForAnAccountComesAfterTheEndOfItsPictures() {
    int before = blobs.objects();
    PersonaApi user = PersonaApi.newUser(service.port());
    user.create("Coach", Pictures.of("png", 40, 40));
    long replaced = user.create("Other", Pictures.of("png", 40, 40));
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe =
        KafkaProbe.on(kafka.bootstrapServers(), Topics.PERSONA_ERASURE, Topics.ACCOUNT_LIFECYCLE)) {
      int hanging = blobs.hanging();
      blobs.hang();
      try {
        user.delete("/api/personas/" + replaced);
        probe.send(
            Topics.ACCOUNT_LIFECYCLE,
            Long.toString(user.userId()),
            UUID.randomUUID(),
            EventTypes.ACCOUNT_DELETED,
            "{\"user_id\": %d, \"erasure_id\": \"%s\", \"occurred_at\": \"2026-11-22T10:30:00Z\"}"
                .formatted(user.userId(), erasureId));
        await().atMost(LIMIT).until(() -> waitingReceipts() == 1);
        await().atMost(LIMIT).until(() -> blobs.hanging() > hanging);
        assertThat(probe.all()).noneMatch(KafkaProbe.ofType(EventTypes.ACCOUNT_ERASED));
      } finally {
        blobs.answerAgain();
      }
      String receipt =
          new String(
              probe.await(KafkaProbe.ofType(EventTypes.ACCOUNT_ERASED), LIMIT).getFirst().value(),
              StandardCharsets.UTF_8);
      assertThat(blobs.objects()).isEqualTo(before);
      assertThat(receipt).contains(erasureId.toString(), "\"avatar\":1", "\"persona\":1");
    }
  }

  private int waitingReceipts() {
    Integer number =
        database.queryForObject(
            "select count(*) from erased_account where erased_at is null", Integer.class);
    return number == null ? 0 : number;
  }

  private Answer upload(byte[] picture) {
    return PersonaApi.newUser(service.port())
        .multipart(HttpMethod.POST, CREATE, Map.of("name", "Coach"), picture, "me.png");
  }

  private <T> List<Future<T>> atOnce(int number, IntFunction<T> attack) {
    return IntStream.range(0, number)
        .mapToObj(i -> attackers.submit((Callable<T>) () -> attack.apply(i)))
        .toList();
  }
}
