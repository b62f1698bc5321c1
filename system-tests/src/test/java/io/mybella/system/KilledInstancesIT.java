package io.mybella.system;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.Instance;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.local.supervisor.State;
import io.mybella.system.PersonaWriter.Promise;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two instances of persona-service, killed with {@code kill -9} again and again while users write:
 * what the database holds, what lies on Kafka and what consumers made of it must be the same story.
 *
 * <p>The time of the writes is the system property {@code fault.seconds}. However short it is, each
 * kind of death happens: of either instance while the other one serves, of a consumer, and of both
 * instances at once.
 */
@Isolated("Others need the instances that die here")
@ExtendWith(PlatformExtension.class)
class KilledInstancesIT {

  private static final Duration WRITES =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 15));
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int WRITERS = 4;

  /** Between two changes of a writer; leaves a small machine the time to start instances. */
  private static final int PAUSE_MILLIS = Integer.getInteger("fault.pause.millis", 100);

  /** Ids that no account has: the writers carry tokens of their own. */
  private final long firstUser = ThreadLocalRandom.current().nextLong(1L << 32, 1L << 48);

  private final String ours = "between %d and %d".formatted(firstUser, firstUser + WRITERS - 1);

  @Test
  void everyCommittedChangeIsOnKafkaInOrderAndItsEffectsAreThereOnce(TestPlatform platform)
      throws Exception {
    Instance replica = platform.startReplica(Service.PERSONA);
    try {
      List<PersonaWriter> writers = writeWhileInstancesDie(platform, replica);
      awaitTheEnd(platform);

      Map<Long, Truth> personas = personas(platform);
      Map<Long, Truth> choices = choices(platform);
      Map<String, EventHistory> lifecycle =
          EventHistory.read(platform, Topics.PERSONA_LIFECYCLE, keys(personas));
      Map<String, EventHistory> switched =
          EventHistory.read(platform, Topics.PERSONA_SWITCHED, keys(choices));
      tell(writers, lifecycle, switched);

      assertWritersMetTheKills(writers);
      assertTellsAllOf(personas, lifecycle);
      assertTellsAllOf(choices, switched);
      for (PersonaWriter writer : writers) {
        assertPromisesWereKept(writer, personas, lifecycle, switched);
      }
      assertEffectsAreThereOnce(platform, personas, choices, lifecycle, switched);
    } finally {
      platform.hold(replica.part());
    }
  }

  private List<PersonaWriter> writeWhileInstancesDie(TestPlatform platform, Instance replica)
      throws Exception {
    List<Instance> instances =
        List.of(
            new Instance(
                Service.PERSONA.module(),
                platform.url(Service.PERSONA).getPort(),
                platform.managementUrl(Service.PERSONA).getPort()),
            replica);
    AtomicBoolean running = new AtomicBoolean(true);
    List<PersonaWriter> writers = new ArrayList<>();
    for (long user = firstUser; user < firstUser + WRITERS; user++) {
      writers.add(
          new PersonaWriter(
              user,
              token(platform, user),
              instances.stream().map(Instance::url).toList(),
              running));
    }
    List<? extends ScheduledFuture<?>> runs;
    try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(WRITERS)) {
      runs =
          writers.stream()
              .map(each -> clock.scheduleWithFixedDelay(each, 0, PAUSE_MILLIS, MILLISECONDS))
              .toList();
      try {
        killInTurn(platform, instances.stream().map(Instance::part).toList(), writers);
      } finally {
        running.set(false);
      }
    }
    for (ScheduledFuture<?> run : runs) {
      // One that was not cancelled by the end of the clock has failed, and says how.
      if (!run.isCancelled()) {
        run.get();
      }
    }
    return writers;
  }

  /** Good for as long as the writing may take on a slow machine. */
  private static String token(TestPlatform platform, long user) throws Exception {
    long end = Instant.now().plus(WRITES).plus(Duration.ofHours(1)).getEpochSecond();
    return "Bearer " + Token.of(platform, user).claim("exp", end).signed();
  }

  /**
   * One instance after the other, as soon as the other one is back; at last, while one is still
   * away, the other one as well.
   */
  private static void killInTurn(
      TestPlatform platform, List<String> instances, List<PersonaWriter> writers) {
    Instant end = Instant.now().plus(WRITES);
    Map<String, Long> killed = new HashMap<>();
    int kills = 0;
    while (kills < instances.size() || Instant.now().isBefore(end)) {
      awaitReplaced(platform, killed);
      kill(platform, instances.get(kills % instances.size()), killed);
      kills++;
      if (kills == 1) {
        platform.kill(Service.MEMORY.module());
      }
    }
    int before = refused(writers);
    await("users are served by the one that is left")
        .atMost(LIMIT)
        .until(() -> refused(writers) > before);
    kill(platform, instances.get(kills % instances.size()), killed);
    awaitReplaced(platform, killed);
    awaitHealthy(platform, Service.MEMORY.module());
    System.out.printf("%d kills of persona-service, 1 of memory-service%n", kills + 1);
  }

  private static void kill(TestPlatform platform, String victim, Map<String, Long> killed) {
    killed.put(victim, platform.pid(victim));
    platform.kill(victim);
  }

  /** Waits until others have taken the places of all that were killed. */
  private static void awaitReplaced(TestPlatform platform, Map<String, Long> killed) {
    killed.forEach((part, pid) -> awaitAnother(platform, part, pid));
    killed.clear();
  }

  private static int refused(List<PersonaWriter> writers) {
    return writers.stream().mapToInt(PersonaWriter::refused).sum();
  }

  private static void awaitAnother(TestPlatform platform, String part, long pid) {
    await().atMost(LIMIT).until(() -> platform.pid(part) > 0 && platform.pid(part) != pid);
    awaitHealthy(platform, part);
  }

  private static void awaitHealthy(TestPlatform platform, String part) {
    await().atMost(LIMIT).until(() -> platform.state(part) == State.HEALTHY);
  }

  /** All is told, and answered where an answer is due: nothing is told again from then on. */
  private void awaitTheEnd(TestPlatform platform) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(receipts(platform)).noneMatch(row -> row.contains(null));
              assertThat(rows(platform, Service.PERSONA, "select position from outbox_event"))
                  .isEmpty();
            });
  }

  /**
   * How far an aggregate has come.
   *
   * @param version every version up to it was committed
   * @param state what the newest event must say; null when it was deleted
   */
  private record Truth(long version, Object state) {}

  private Map<Long, Truth> personas(TestPlatform platform) throws SQLException {
    return truth(
        platform,
        "select id, version, case when deleted_at is null then tagline end from persona"
            + " where owner_user_id ");
  }

  private Map<Long, Truth> choices(TestPlatform platform) throws SQLException {
    return truth(
        platform, "select user_id, version, persona_id from active_persona where user_id ");
  }

  private Map<Long, Truth> truth(TestPlatform platform, String sql) throws SQLException {
    return rows(platform, Service.PERSONA, sql + ours).stream()
        .collect(
            Collectors.toMap(
                row -> (Long) row.get(0), row -> new Truth((Long) row.get(1), row.get(2))));
  }

  /** Every version was told, each for the first time in its turn, and nothing that never was. */
  private static void assertTellsAllOf(
      Map<Long, Truth> aggregates, Map<String, EventHistory> histories) {
    assertThat(histories.keySet()).isEqualTo(keys(aggregates));
    aggregates.forEach(
        (id, truth) -> {
          EventHistory history = histories.get(id.toString());
          assertThat(history.versions())
              .as("versions of %d, each where it was told first", id)
              .containsExactlyElementsOf(
                  LongStream.rangeClosed(1, truth.version()).boxed().toList());
          EventHistory.Told last = history.told().getLast();
          if (truth.state() == null) {
            assertThat(last.type()).isEqualTo(EventTypes.PERSONA_DELETED);
          } else if (last.type().equals(EventTypes.PERSONA_SWITCHED)) {
            assertThat(last.data().path("persona_id").asLong()).isEqualTo(truth.state());
          } else {
            assertThat(last.data().path("tagline").asString()).isEqualTo(truth.state());
          }
        });
  }

  /** Deaths that nobody notices would show nothing. */
  private static void assertWritersMetTheKills(List<PersonaWriter> writers) {
    assertThat(writers)
        .allSatisfy(
            each -> {
              assertThat(each.promises()).as("kept its answers").isNotEmpty();
              assertThat(each.unknown() + each.refused()).as("met a dead instance").isPositive();
            });
  }

  /** What an instance said it had done is done, and was told. */
  private static void assertPromisesWereKept(
      PersonaWriter writer,
      Map<Long, Truth> personas,
      Map<String, EventHistory> lifecycle,
      Map<String, EventHistory> switched) {
    Iterator<EventHistory.Told> choices =
        switched.get(Long.toString(writer.userId())).told().iterator();
    for (Promise promise : writer.promises()) {
      switch (promise) {
        case Promise.Written(long id, String tagline) ->
            assertThat(personas.containsKey(id) ? lifecycle.get("" + id).told() : List.of())
                .as("%s", promise)
                .anyMatch(told -> told.has("tagline", tagline));
        case Promise.Deleted(long id, String erasure) -> {
          assertThat(personas.get(id).state()).as("%s", promise).isNull();
          assertThat(lifecycle.get("" + id).told())
              .as("%s", promise)
              .anyMatch(told -> told.has("erasure_id", erasure));
        }
        case Promise.Switched(long id) ->
            // In the same order, with those in between whose answers were lost.
            assertThat(advancesTo(id, choices)).as("%s", promise).isTrue();
      }
    }
  }

  private static boolean advancesTo(long personaId, Iterator<EventHistory.Told> choices) {
    while (choices.hasNext()) {
      if (choices.next().data().path("persona_id").asLong() == personaId) {
        return true;
      }
    }
    return false;
  }

  private void assertEffectsAreThereOnce(
      TestPlatform platform,
      Map<Long, Truth> personas,
      Map<Long, Truth> choices,
      Map<String, EventHistory> lifecycle,
      Map<String, EventHistory> switched)
      throws Exception {
    Set<String> news = ids(lifecycle, told -> !told.type().equals(EventTypes.PERSONA_DELETED));
    Set<String> deletions = ids(lifecycle, told -> told.type().equals(EventTypes.PERSONA_DELETED));
    Set<String> switches = ids(switched, told -> true);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(inbox(platform, Service.MEMORY)).containsAll(news).containsAll(switches);
              assertThat(inbox(platform, Service.VOICE)).containsAll(news).containsAll(deletions);
              // Every deletion that was told has one answer: an effect done twice would have two.
              assertThat(answersOfVoice(platform, personas.keySet())).hasSameSizeAs(deletions);
            });

    Effects effects = effects(platform, personas.keySet());
    assertThat(effects.knownByMemory()).isEqualTo(versions(personas, false));
    assertThat(effects.knownByVoice()).isEqualTo(versions(personas, true));
    assertThat(effects.lastSwitches()).isEqualTo(versions(choices, true));
    assertThat(effects.erased())
        .hasSize((int) personas.values().stream().filter(each -> each.state() == null).count());
    assertThat(deadLetters(platform, personas, choices)).isEmpty();

    // As if each consumer had died after every single commit to its database and before the one of
    // its offset: all comes again.
    ConsumerGroup.of(platform, Service.MEMORY).deliverAgain();
    ConsumerGroup.of(platform, Service.VOICE).deliverAgain();
    ConsumerGroup.of(platform, Service.PERSONA).awaitCaughtUp();
    assertThat(effects(platform, personas.keySet())).isEqualTo(effects);
  }

  /**
   * What consumers made of the events.
   *
   * @param erased with what was erased of each persona
   * @param receipts as persona-service noted them
   * @param answersOfVoice ids of the answers that voice-service sent
   */
  private record Effects(
      Set<List<Object>> knownByMemory,
      Set<List<Object>> knownByVoice,
      Set<List<Object>> lastSwitches,
      Set<List<Object>> conversations,
      Set<List<Object>> erased,
      Set<List<Object>> receipts,
      Set<String> answersOfVoice) {}

  private Effects effects(TestPlatform platform, Set<Long> personas) throws SQLException {
    String these =
        personas.stream().map(Object::toString).collect(Collectors.joining(", ", " in (", ")"));
    return new Effects(
        rows(
            platform,
            Service.MEMORY,
            "select persona_id, version from known_persona where owner_user_id " + ours),
        rows(
            platform,
            Service.VOICE,
            "select persona_id, version from known_persona where persona_id" + these),
        rows(
            platform,
            Service.MEMORY,
            "select user_id, version from last_switch where user_id " + ours),
        rows(
            platform,
            Service.MEMORY,
            "select user_id, persona_id, id from conversation where user_id " + ours),
        rows(
            platform,
            Service.MEMORY,
            "select persona_id, counts::text from persona_tombstone where erased_at is not null"
                + " and persona_id"
                + these),
        receipts(platform),
        answersOfVoice(platform, personas));
  }

  private static Set<String> answersOfVoice(TestPlatform platform, Set<Long> personas) {
    return TopicLog.read(platform, Topics.PERSONA_ERASURE).stream()
        .filter(each -> personas.contains(Long.valueOf(each.key())))
        .filter(each -> TopicLog.header(each, "ce_source").equals(Service.VOICE.module()))
        .map(each -> TopicLog.header(each, "ce_id"))
        .collect(Collectors.toSet());
  }

  private Set<List<Object>> receipts(TestPlatform platform) throws SQLException {
    return rows(
        platform,
        Service.PERSONA,
        "select e.persona_id, r.service, r.received_at, r.counts::text"
            + " from erasure e join erasure_receipt r on r.erasure_id = e.id where e.requested_by "
            + ours);
  }

  private static Set<String> inbox(TestPlatform platform, Service service) throws SQLException {
    return rows(platform, service, "select event_id::text from inbox_event").stream()
        .map(row -> (String) row.getFirst())
        .collect(Collectors.toSet());
  }

  private static List<String> deadLetters(
      TestPlatform platform, Map<Long, Truth> personas, Map<Long, Truth> choices) {
    Set<String> ours = new TreeSet<>(keys(personas));
    ours.addAll(keys(choices));
    String[] topics =
        Stream.of(
                Topics.PERSONA_LIFECYCLE + ".memory-service.dlq",
                Topics.PERSONA_SWITCHED + ".memory-service.dlq",
                Topics.PERSONA_LIFECYCLE + ".voice-service.dlq",
                Topics.PERSONA_ERASURE + ".persona-service.dlq")
            .toArray(String[]::new);
    return TopicLog.read(platform, topics).stream()
        .filter(each -> ours.contains(each.key()))
        .map(ConsumerRecord::toString)
        .toList();
  }

  private static Set<List<Object>> versions(Map<Long, Truth> aggregates, boolean deletedToo) {
    return aggregates.entrySet().stream()
        .filter(each -> deletedToo || each.getValue().state() != null)
        .map(each -> List.<Object>of(each.getKey(), each.getValue().version()))
        .collect(Collectors.toSet());
  }

  private static Set<String> keys(Map<Long, Truth> aggregates) {
    return aggregates.keySet().stream().map(Object::toString).collect(Collectors.toSet());
  }

  private static Set<String> ids(
      Map<String, EventHistory> histories, Predicate<EventHistory.Told> which) {
    return histories.values().stream()
        .flatMap(history -> history.told().stream())
        .filter(which)
        .map(EventHistory.Told::id)
        .collect(Collectors.toSet());
  }

  private static void tell(
      List<PersonaWriter> writers,
      Map<String, EventHistory> lifecycle,
      Map<String, EventHistory> switched) {
    Collection<EventHistory> all =
        Stream.of(lifecycle, switched).flatMap(each -> each.values().stream()).toList();
    System.out.printf(
        "%d changes promised, %d without an answer, %d connections refused;"
            + " %d events, %d sent again%n",
        writers.stream().mapToInt(writer -> writer.promises().size()).sum(),
        writers.stream().mapToInt(PersonaWriter::unknown).sum(),
        refused(writers),
        all.stream().mapToInt(history -> history.told().size()).sum(),
        all.stream().mapToInt(EventHistory::repeats).sum());
  }

  /** The rows of a query, which must all differ. */
  private static Set<List<Object>> rows(TestPlatform platform, Service service, String sql)
      throws SQLException {
    try (Connection connection = platform.superuser(service);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(result.getObject(column));
        }
        rows.add(row);
      }
      assertThat(rows).doesNotHaveDuplicates();
      return Set.copyOf(rows);
    }
  }
}
