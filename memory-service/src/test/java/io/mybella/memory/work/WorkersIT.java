package io.mybella.memory.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.MemoryServiceTest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The worker: what is asked for is done, whatever goes wrong. */
class WorkersIT extends MemoryServiceTest {

  private static final WorkResult DONE = new WorkResult.Done();
  private static final WorkProperties QUICK =
      new WorkProperties(
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofMillis(10),
          Duration.ofMillis(40),
          Set.of());

  @Autowired private WorkLedger ledger;
  @Autowired private WorkBell bell;
  @Autowired private IdGenerator ids;

  private final WorkKind kind =
      new WorkKind("test-" + UUID.randomUUID().toString().replaceAll("[^a-f]", ""));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BlockingQueue<Subject> handled = new LinkedBlockingQueue<>();
  private Workers workers;

  @AfterEach
  void end() {
    workers.stop();
  }

  @Test
  void whatFailsIsTriedAgainAndCounted() {
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    start(
        (_, turn) -> {
          attempts.add(turn.attempt());
          if (attempts.size() < 4) {
            throw new IllegalStateException("not yet");
          }
          return DONE;
        });
    ask();
    await().until(() -> waiting() == 0);
    assertThat(attempts).containsExactly(1, 2, 3, 4);
    assertThat(
            meters.get("mybella.memory.work.failures").tag("kind", kind.name()).counter().count())
        .isEqualTo(3);
    assertThat(meters.get("mybella.memory.work.waiting").tag("kind", kind.name()).gauge().value())
        .isZero();
    assertThat(
            meters.get("mybella.memory.work.oldest.age").tag("kind", kind.name()).gauge().value())
        .isZero();
  }

  @Test
  void longWorkIsDoneInTurnsAndOthersGetTheirs() throws InterruptedException {
    Subject endless = new Subject.OfPersona(newId());
    start(
        (subject, turn) -> {
          if (!subject.equals(endless)) {
            handled.add(subject);
            return DONE;
          }
          await().pollInterval(Duration.ofMillis(5)).until(turn::isOver);
          return new WorkResult.Unfinished();
        });
    ledger.ask((Subject.OfPersona) endless, kind);
    await().until(() -> waiting() == 1);
    long other = ask();
    assertThat(handled.take()).isEqualTo(new Subject.OfPersona(other));
    await().until(() -> waiting() == 1);
  }

  @Test
  void anEndGivesTheWorkBackAtOnce() throws InterruptedException {
    var begun = new CountDownLatch(1);
    start(
        new WorkProperties(
            Duration.ofMillis(20),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofMillis(10),
            Duration.ofMillis(40),
            Set.of()),
        (_, turn) -> {
          begun.countDown();
          await().forever().pollInterval(Duration.ofMillis(5)).until(turn::isOver);
          return new WorkResult.Unfinished();
        });
    long persona = ask();
    begun.await();
    workers.stop();
    assertThat(ledger.claim(kind, ids.next(), Duration.ofHours(1)))
        .map(WorkLedger.Claim::subject)
        .contains(new Subject.OfPersona(persona));
  }

  @Test
  void aKindHasOneHandler() {
    start((_, _) -> DONE);
    WorkHandler handler = handler((_, _) -> DONE);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Workers(List.of(handler, handler), ledger, bell, metrics(handler), ids, QUICK));
  }

  @Test
  void aProcessDoesOnlyTheKindsThatItIsFor() {
    WorkHandler other = handler((_, _) -> DONE);
    workers = workers(other, Set.of("embed"));
    workers.start();
    ask();
    workers.stop();
    assertThat(waiting()).isOne();
    workers = workers(other, Set.of("embed", kind.name()));
    workers.start();
    await().until(() -> waiting() == 0);
  }

  private Workers workers(WorkHandler handler, Set<String> kinds) {
    var properties =
        new WorkProperties(
            QUICK.pollInterval(),
            QUICK.turn(),
            QUICK.lease(),
            QUICK.firstPause(),
            QUICK.longestPause(),
            kinds);
    return new Workers(List.of(handler), ledger, bell, metrics(handler), ids, properties);
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    start((_, _) -> DONE);
    assertThat(List.of(1, 2, 3, 4, Integer.MAX_VALUE).stream().map(QUICK::pauseAfter))
        .extracting(Duration::toMillis)
        .containsExactly(10L, 20L, 40L, 40L, 40L);
  }

  private void start(BiFunction<Subject, Turn, WorkResult> work) {
    start(QUICK, work);
  }

  private void start(WorkProperties properties, BiFunction<Subject, Turn, WorkResult> work) {
    WorkHandler handler = handler(work);
    workers = new Workers(List.of(handler), ledger, bell, metrics(handler), ids, properties);
    workers.start();
  }

  private WorkMetrics metrics(WorkHandler handler) {
    return new WorkMetrics(meters, ledger, List.of(handler));
  }

  private WorkHandler handler(BiFunction<Subject, Turn, WorkResult> work) {
    return new WorkHandler() {
      @Override
      public WorkKind kind() {
        return kind;
      }

      @Override
      public WorkResult handle(Subject subject, Turn turn) {
        return work.apply(subject, turn);
      }
    };
  }

  private long ask() {
    long persona = newId();
    ledger.ask(new Subject.OfPersona(persona), kind);
    return persona;
  }

  private long waiting() {
    return ledger.waiting(kind, 1_000);
  }
}
