package io.mybella.memory.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;

/**
 * Users write, switch and forget while their personas or accounts are erased: whatever the order,
 * nothing is left, nothing comes back, and nothing else fails. A round in three only forgets: then
 * what was said after the last time is there, all of it and nothing else.
 *
 * <p>The number of rounds is the system property {@code race.rounds}; the nightly build has 1,000.
 */
class WritesAgainstErasuresIT extends MemoryServiceTest {

  private static final int ROUNDS = Integer.getInteger("race.rounds", 15);
  private static final int WRITERS = 3;
  private static final int MESSAGES = 12;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> TABLES =
      List.of(
          "chat_message",
          "conversation",
          "preference",
          "rolling_summary",
          "persona_memory",
          "memory_work");

  @Autowired private PersonaErasure personas;
  @Autowired private ErasedAccounts accounts;
  @Autowired private AccountErasure accountErasure;
  @Autowired private Forgetting forgetting;
  @Autowired private MessageHistory history;

  private final Random random = new Random(7);

  @Test
  void nothingIsLeftWhateverTheOrder() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      PairId pair = newPair();
      switch (round % 3) {
        case 0 -> race(pair, () -> personas.mark(pair.personaId(), UUID.randomUUID()));
        case 1 ->
            race(
                pair,
                () -> {
                  accounts.mark(pair.userId(), UUID.randomUUID());
                  accountErasure.erase(pair.userId());
                });
        default -> forgetWhileTheyTalk(pair);
      }
      assertNothingIsLeft(pair, "round " + round);
    }
  }

  private void race(PairId pair, Runnable mark) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        ends.add(threads.submit(() -> writeUntilRefused(pair)));
      }
      ends.add(threads.submit(() -> forgetting.forget(pair)));
      int after = random.nextInt(4);
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> rows("chat_message", of(pair)) >= after || ends.getFirst().isDone());
      mark.run();
      for (Future<?> each : ends) {
        each.get();
      }
    }
  }

  private void writeUntilRefused(PairId pair) {
    for (int i = 0; i < 2_000; i++) {
      switchTo(pair, i);
      if (append(pair, "m" + i) == null) {
        return;
      }
    }
    throw new AssertionError("The erasure never stopped the writer");
  }

  private void forgetWhileTheyTalk(PairId pair) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        ends.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < MESSAGES; i++) {
                    assertThat(append(pair, "before")).isNotNull();
                  }
                }));
      }
      ends.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 4; i++) {
                  forgetting.forget(pair);
                }
              }));
      for (Future<?> each : ends) {
        each.get();
      }
    }
    forgetting.forget(pair);
    Message after = append(pair, "after");
    assertThat(history.page(pair, 50, null).messages()).containsExactly(after);
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> isIdle(pair));
    assertThat(history.page(pair, 50, null).messages()).containsExactly(after);
    assertThat(rows("chat_message", of(pair))).isOne();
    assertThat(rows("preference", of(pair))).isOne();
    forgetting.forget(pair);
  }

  private boolean isIdle(PairId pair) {
    return rows("memory_work", of(pair) + " AND kind = 'forget'") == 0;
  }

  /**
   * The message as it is stored, with what is learned from it; null when the persona or the user is
   * gone.
   */
  private Message append(PairId pair, String text) {
    String told = "Remember that this is " + text;
    try {
      return history
          .append(pair, new NewMessage(Role.USER, told, null, null, null, null, null, null))
          .message();
    } catch (Problem problem) {
      assertThat(problem.status()).isEqualTo(HttpStatus.NOT_FOUND);
      return null;
    }
  }

  private void assertNothingIsLeft(PairId pair, String round) {
    for (String table : TABLES) {
      await(round + ": " + table)
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> rows(table, of(pair)) == 0);
    }
  }
}
