package io.mybella.memory.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.event.Received;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.conversation.Switches.Switch;
import io.mybella.memory.pair.PairId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Switches that are taken together come to the same as one after the other. */
class SwitchesIT extends MemoryServiceTest {

  private static final int ROUNDS = 6;
  private static final int EVENTS = 120;
  private static final int USERS = 4;
  private static final int PERSONAS = 5;
  private static final int VERSIONS = 12;

  @Autowired private Switches switches;
  @Autowired private Inbox inbox;

  /** A switch by the places of its user and its persona in a world. */
  private record Told(int user, int persona, long version, int event) {}

  /** Users and personas, alike in each world: the last user and the last persona are erased. */
  private final class World {

    private final List<Long> users = LongStream.range(0, USERS).map(_ -> newId()).boxed().toList();
    private final List<Long> personas =
        LongStream.range(0, PERSONAS).map(_ -> systemPersona()).boxed().toList();
    private final List<UUID> events =
        IntStream.range(0, EVENTS).mapToObj(_ -> UUID.randomUUID()).toList();

    World() {
      PairId idle = pair(0, 0);
      say(idle, "long ago");
      asSuperuser(
          db -> {
            db.sql(
                    "UPDATE conversation SET last_message_at = now() - interval '1 day' WHERE "
                        + of(idle))
                .update();
            db.sql("INSERT INTO persona_tombstone VALUES (?, ?, now(), '{}', now())")
                .params(personas.getLast(), UUID.randomUUID())
                .update();
            return db.sql("INSERT INTO account_tombstone VALUES (?, ?, now(), '{}', now())")
                .params(users.getLast(), UUID.randomUUID())
                .update();
          });
    }

    private PairId pair(int user, int persona) {
      return new PairId(users.get(user), personas.get(persona));
    }

    void take(List<Told> batch) {
      List<Received<Switch>> received =
          batch.stream()
              .map(
                  told ->
                      received(
                          events.get(told.event()),
                          new Switch(pair(told.user(), told.persona()), told.version())))
              .toList();
      inbox.onceEach("personaSwitched", received, switches::take);
    }

    /** What anybody can see of it afterwards, by the places in this world. */
    List<Map<String, Object>> outcome() {
      return asSuperuser(
          db ->
              db.sql(
                      """
                      WITH person AS (
                        SELECT * FROM unnest(:users::bigint[]) WITH ORDINALITY AS u (user_id, who)),
                      chosen AS (
                        SELECT * FROM unnest(:personas::bigint[]) WITH ORDINALITY
                          AS p (persona_id, whom))
                      SELECT who, whom,
                        (SELECT version FROM last_switch
                          WHERE last_switch.user_id = person.user_id
                            AND last_switch.persona_id = chosen.persona_id) AS switched,
                        EXISTS (SELECT FROM persona_memory
                          WHERE persona_memory.user_id = person.user_id
                            AND persona_memory.persona_id = chosen.persona_id) AS remembered,
                        (SELECT array_agg(ended_at IS NULL ORDER BY started_at)::text FROM conversation
                          WHERE conversation.user_id = person.user_id
                            AND conversation.persona_id = chosen.persona_id) AS conversations,
                        EXISTS (SELECT FROM memory_work
                          WHERE memory_work.user_id = person.user_id
                            AND memory_work.persona_id = chosen.persona_id) AS work,
                        (SELECT count(*) FROM inbox_event
                          WHERE event_id = ANY (:events::uuid[])) AS noted
                      FROM person, chosen ORDER BY who, whom
                      """)
                  .param("users", users.stream().map(Object::toString).toArray(String[]::new))
                  .param("personas", personas.stream().map(Object::toString).toArray(String[]::new))
                  .param("events", events.stream().map(Object::toString).toArray(String[]::new))
                  .query()
                  .listOfRows());
    }
  }

  @Test
  void aBatchComesToTheSameAsItsSwitchesOneByOne() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<Told> story = story(random);
      World together = new World();
      World apart = new World();
      for (int begin = 0, end; begin < story.size(); begin = end) {
        end = Math.min(story.size(), begin + 1 + random.nextInt(50));
        together.take(story.subList(begin, end));
      }
      story.forEach(told -> apart.take(List.of(told)));
      assertThat(together.outcome())
          .as("seed %d, round %d", seed, round)
          .isEqualTo(apart.outcome());
    }
  }

  /** Some come twice, and some of a user come too late. */
  private static List<Told> story(Random random) {
    Map<Integer, Long> versions = new HashMap<>();
    List<Told> story = new ArrayList<>();
    for (int event = 0; event < EVENTS; event++) {
      int user = random.nextInt(USERS);
      long newest = versions.merge(user, 1L, Long::sum);
      long version = Math.max(1, newest - (random.nextInt(5) == 0 ? random.nextInt(4) : 0));
      story.add(new Told(user, random.nextInt(PERSONAS), version, event));
      if (random.nextInt(6) == 0) {
        story.add(story.get(random.nextInt(story.size())));
      }
    }
    return story;
  }

  /**
   * As when partitions change hands: the old consumer is still at what the new one gets again, with
   * the partitions in another order.
   */
  @Test
  void twoConsumersOfTheSameSwitchesNeitherCrossNorTakeOneTwice() throws Exception {
    List<Long> personas = IntStream.range(0, 3).mapToObj(_ -> systemPersona()).toList();
    List<Long> users = LongStream.range(0, 60).map(_ -> newId()).boxed().toList();
    List<UUID> events = new ArrayList<>();
    List<List<Received<Switch>>> polls = new ArrayList<>();
    for (int version = 1; version <= VERSIONS; version++) {
      List<Received<Switch>> poll = new ArrayList<>();
      for (long user : users) {
        PairId pair = new PairId(user, personas.get(version % personas.size()));
        UUID event = UUID.randomUUID();
        events.add(event);
        poll.add(received(event, new Switch(pair, version)));
      }
      polls.add(poll);
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> old = threads.submit(() -> polls.forEach(this::take));
      Future<?> fresh = threads.submit(() -> polls.forEach(poll -> take(poll.reversed())));
      old.get();
      fresh.get();
    }
    assertThat(noted(events)).isEqualTo(events.size());
    String ofAll = "user_id BETWEEN %d AND %d".formatted(users.getFirst(), users.getLast());
    assertThat(rows("last_switch", ofAll + " AND version = " + VERSIONS)).isEqualTo(users.size());
    assertThat(rows("conversation", ofAll)).isEqualTo((long) users.size() * personas.size());
  }

  private void take(List<Received<Switch>> poll) {
    inbox.onceEach("personaSwitched", poll, switches::take);
  }

  private static Received<Switch> received(UUID id, Switch data) {
    return new Received<>(new IncomingEvent(id, "switched", "test", "", null, "{}"), data);
  }

  private long noted(List<UUID> events) {
    return asSuperuser(
        db ->
            db.sql("SELECT count(*) FROM inbox_event WHERE event_id = ANY (?::uuid[])")
                .param(events.stream().map(UUID::toString).toArray(String[]::new))
                .query(Long.class)
                .single());
  }
}
