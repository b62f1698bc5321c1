package io.mybella.memory.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.work.WorkLedger.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ledger, asked by replicas that know nothing of each other. */
class WorkLedgerIT extends MemoryServiceTest {

  private static final Duration LEASE = Duration.ofMinutes(5);

  @Autowired private WorkLedger ledger;
  @Autowired private PersonaScope scope;
  @Autowired private JdbcClient jdbc;

  /** Nobody else does it. */
  private WorkKind kind;

  @BeforeEach
  void aKindOfItsOwn() {
    kind = new WorkKind("test-" + UUID.randomUUID().toString().replaceAll("[^a-f]", ""));
  }

  @Test
  void replicasShareTheWorkAndNobodyDoesTheSame() throws Exception {
    List<PairId> pairs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pairs.add(asking());
    }
    Queue<Subject> taken = new ConcurrentLinkedQueue<>();
    try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int replica = 0; replica < 4; replica++) {
        ends.add(
            replicas.submit(
                () -> {
                  // Whoever finds nothing may have come when all that is left was being claimed.
                  while (waiting() > 0) {
                    claim()
                        .ifPresent(
                            claim -> {
                              taken.add(claim.subject());
                              ledger.done(claim);
                            });
                  }
                }));
      }
      for (Future<?> each : ends) {
        each.get();
      }
    }
    assertThat(taken)
        .containsExactlyInAnyOrderElementsOf(pairs.stream().map(Subject.OfPair::new).toList());
  }

  @Test
  void aReplicaThatIsClaimingIsPassedOverAndNotWaitedFor() {
    PairId first = asking();
    PairId second = asking();
    Optional<Claim> claimed =
        asSuperuser(
            db -> {
              db.sql("BEGIN").update();
              db.sql(
                      "SELECT 1 FROM memory_work WHERE kind = :kind AND %s FOR UPDATE"
                          .formatted(of(first)))
                  .param("kind", kind.name())
                  .query()
                  .listOfRows();
              return claim();
            });
    assertThat(claimed).map(Claim::subject).contains(new Subject.OfPair(second));
  }

  @Test
  void theWorkOfADeadReplicaIsTakenUpWhenItsLeaseIsOver() {
    PairId pair = asking();
    Claim dead = ledger.claim(kind, UUID.randomUUID(), Duration.ZERO).orElseThrow();
    Claim next = claim().orElseThrow();
    assertThat(next.subject()).isEqualTo(new Subject.OfPair(pair));
    assertThat(next.attempts()).isEqualTo(2);
    // It was not dead but slow: the work is not its own any more.
    ledger.done(dead);
    ledger.failed(dead, Duration.ZERO);
    assertThat(waiting()).isOne();
    assertThat(claim()).isEmpty();
    ledger.done(next);
    assertThat(waiting()).isZero();
  }

  @Test
  void whatIsAskedForOnceMoreWhileItIsDoneIsDoneOnceMore() {
    PairId pair = asking();
    Claim claim = claim().orElseThrow();
    ask(pair);
    assertThat(claim()).as("nobody does it beside").isEmpty();
    ledger.done(claim);
    Claim again = claim().orElseThrow();
    ledger.done(again);
    assertThat(claim()).isEmpty();
    assertThat(waiting()).isZero();
  }

  @Test
  void whatFailedRestsUntilItsPauseIsOverOrItIsAskedForAgain() {
    PairId pair = asking();
    ledger.failed(claim().orElseThrow(), LEASE);
    assertThat(claim()).isEmpty();
    assertThat(waiting()).as("it is still due").isOne();
    ask(pair);
    Claim second = claim().orElseThrow();
    assertThat(second.attempts()).isEqualTo(2);
    ledger.failed(second, Duration.ZERO);
    assertThat(claim()).map(Claim::attempts).contains(3);
  }

  @Test
  void workThatIsNotDueIsNotDone() {
    PairId pair = remembered();
    scope.run(pair, db -> ledger.ask(db, kind, Instant.now().plusSeconds(3_600)));
    assertThat(claim()).isEmpty();
    assertThat(waiting()).isZero();
    assertThat(ledger.oldestAge(kind)).isZero();
    // Whoever wants it earlier brings it forward; whoever wants it later does not put it off.
    ask(pair);
    scope.run(pair, db -> ledger.ask(db, kind, Instant.now().plusSeconds(3_600)));
    Claim claim = claim().orElseThrow();
    ledger.later(claim, Instant.now().plusSeconds(3_600));
    assertThat(claim()).isEmpty();
    assertThat(waiting()).isZero();
  }

  @Test
  void unfinishedWorkGoesBehindTheOthersAndKeepsItsAge() {
    PairId first = asking();
    asSuperuser(
        db ->
            db.sql("UPDATE memory_work SET due_at = now() - interval '1 hour' WHERE kind = :kind")
                .param("kind", kind.name())
                .update());
    PairId second = asking();
    Claim claim = claim().orElseThrow();
    assertThat(claim.subject()).isEqualTo(new Subject.OfPair(first));
    ledger.unfinished(claim);
    assertThat(ledger.oldestAge(kind)).isBetween(3_600.0, 3_700.0);
    assertThat(claim()).map(Claim::subject).contains(new Subject.OfPair(second));
    assertThat(claim()).map(Claim::subject).contains(new Subject.OfPair(first));
  }

  @Test
  void aPairSeesItsOwnWorkAloneAndTheApplicationNone() {
    PairId mine = asking();
    PairId yours = asking();
    ledger.ask(new Subject.OfPersona(mine.personaId()), kind);
    ledger.ask(new Subject.OfUser(mine.userId()), kind);
    String seen = "SELECT count(*) FROM memory_work WHERE kind = '%s'".formatted(kind.name());
    assertThat(jdbc.sql(seen).query(Long.class).single()).isZero();
    assertThat(scope.<Long>call(mine, db -> db.sql(seen).query(Long.class).single())).isOne();
    assertThat(scope.<Long>callWorking(db -> db.sql(seen).query(Long.class).single())).isEqualTo(4);
    assertThatThrownBy(
            () ->
                scope.callWorking(
                    db ->
                        db.sql(
                                """
                                INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at)
                                VALUES (%d, %d, 'forged', now(), now())
                                """
                                    .formatted(yours.userId(), yours.personaId()))
                            .update()))
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThatThrownBy(
            () ->
                scope.callWorking(
                    db -> db.sql("UPDATE memory_work SET user_id = 1, persona_id = 1").update()))
        .rootCause()
        .hasMessageContaining("permission denied");
  }

  @Test
  void theWorkerSeesNothingButTheLedger() {
    PairId pair = asking();
    say(pair, "for nobody else");
    for (String table : List.of("chat_message", "conversation", "persona_memory", "last_switch")) {
      assertThat(
              scope.<Long>callWorking(
                  db -> db.sql("SELECT count(*) FROM " + table).query(Long.class).single()))
          .as(table)
          .isZero();
    }
  }

  @Test
  void theWorkOfAPairGoesWithThePair() {
    PairId pair = asking();
    asSuperuser(db -> db.sql("DELETE FROM persona_memory WHERE " + of(pair)).update());
    assertThat(waiting()).isZero();
  }

  private PairId remembered() {
    PairId pair = newPair();
    asSuperuser(
        db ->
            db.sql(
                    "INSERT INTO persona_memory (user_id, persona_id) VALUES (%d, %d)"
                        .formatted(pair.userId(), pair.personaId()))
                .update());
    return pair;
  }

  private PairId asking() {
    PairId pair = remembered();
    ask(pair);
    return pair;
  }

  private void ask(PairId pair) {
    scope.run(pair, db -> ledger.ask(db, kind));
  }

  private Optional<Claim> claim() {
    return ledger.claim(kind, UUID.randomUUID(), LEASE);
  }

  private long waiting() {
    return ledger.waiting(kind, 1_000);
  }
}
