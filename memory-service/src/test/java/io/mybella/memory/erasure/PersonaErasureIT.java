package io.mybella.memory.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;

class PersonaErasureIT extends MemoryServiceTest {

  private static final List<String> TABLES =
      List.of("chat_message", "conversation", "preference", "rolling_summary", "persona_memory");

  @Autowired private PersonaErasure erasure;
  @Autowired private MessageHistory history;
  @Autowired private KnownPersonas known;

  @Test
  void everyUsersMemoryOfASystemPersonaGoesAndOthersStay() {
    long gone = systemPersona();
    long stays = systemPersona();
    List<Long> users = List.of(newId(), newId(), newId());
    for (long user : users) {
      say(new PairId(user, gone), "forget me");
      say(new PairId(user, stays), "keep me");
    }
    erase(gone);
    assertNothingIsLeft(gone);
    for (long user : users) {
      assertThat(texts(new PairId(user, stays))).containsExactly("keep me");
      assertThat(append(new PairId(user, gone))).isEqualTo(HttpStatus.NOT_FOUND);
    }
  }

  @Test
  void aLongHistoryGoesInBatchesAndIsCountedWhole() {
    PairId pair = newPair();
    say(pair, "the first");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO chat_message
                      (user_id, persona_id, id, conversation_id, role, content, created_at)
                    SELECT user_id, persona_id, uuidv7(), conversation_id, role, 'm', now()
                    FROM chat_message, generate_series(1, 12000) WHERE %s
                    """
                        .formatted(of(pair)))
                .update());
    erase(pair.personaId());
    assertNothingIsLeft(pair.personaId());
    String counts =
        asSuperuser(
            db ->
                db.sql("SELECT counts FROM persona_tombstone WHERE persona_id = :id")
                    .param("id", pair.personaId())
                    .query(String.class)
                    .single());
    assertThat(counts)
        .isEqualTo(
            "{\"preference\": 0, \"chat_message\": 12001, \"conversation\": 1,"
                + " \"import_origin\": 0, \"message_vector\": 0, \"persona_memory\": 1,"
                + " \"rolling_summary\": 0}");
  }

  @Test
  void aPersonaThatIsGoneDoesNotComeBackThroughLaterNews() {
    PairId pair = newPair();
    erase(pair.personaId());
    known.learn(new KnownPersona(pair.personaId(), pair.userId(), true, 99));
    assertThat(append(pair)).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(rows("known_persona", "persona_id = " + pair.personaId())).isZero();
    assertNothingIsLeft(pair.personaId());
  }

  /**
   * Writers of old and of new pairs go on while the persona is erased. Whatever they wrote before
   * is erased, and what they write later is refused; nothing remains and nothing else fails.
   */
  @RepeatedTest(25)
  void whatIsWrittenDuringAnErasureIsErasedOrRefused() throws Exception {
    long personaId = systemPersona();
    List<PairId> pairs = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      pairs.add(new PairId(newId(), personaId));
    }
    append(pairs.getFirst());
    var writing = new CountDownLatch(pairs.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (PairId pair : pairs) {
        writers.add(
            threads.submit(
                () -> {
                  writing.countDown();
                  for (int i = 0; i < 2_000; i++) {
                    if (append(pair) != HttpStatus.CREATED) {
                      return;
                    }
                  }
                  throw new AssertionError("The erasure never stopped the writer");
                }));
      }
      writing.await();
      erase(personaId);
      assertNothingIsLeft(personaId);
      for (Future<?> each : writers) {
        each.get();
      }
    }
    assertNothingIsLeft(personaId);
  }

  @Test
  void anErasureWaitsForAWriterUnderWayAndErasesWhatItWrote() {
    PairId pair = newPair();
    say(pair, "before");
    asSuperuser(
        db -> {
          db.sql("BEGIN").update();
          db.sql(
                  """
                  INSERT INTO chat_message
                    (user_id, persona_id, id, conversation_id, role, content, created_at)
                  SELECT user_id, persona_id, uuidv7(), conversation_id, role, 'late', now()
                  FROM chat_message WHERE %s
                  """
                      .formatted(of(pair)))
              .update();
          erasure.mark(pair.personaId(), UUID.randomUUID());
          await()
              .until(
                  () ->
                      rows(
                              "pg_stat_activity",
                              "wait_event_type = 'Lock' AND query LIKE '%persona_memory%'")
                          == 1);
          assertThat(isErased(pair.personaId())).isFalse();
          return db.sql("COMMIT").update();
        });
    await().until(() -> isErased(pair.personaId()));
    assertNothingIsLeft(pair.personaId());
  }

  /** The request is answered at once, whatever there is to be erased. */
  @Test
  void whatIsMarkedIsNobodysBeforeItIsErased() {
    PairId pair = newPair();
    say(pair, "before");
    asSuperuser(
        db -> {
          db.sql("BEGIN").update();
          db.sql("SELECT 1 FROM persona_memory WHERE " + of(pair) + " FOR UPDATE")
              .query()
              .listOfRows();
          erasure.mark(pair.personaId(), UUID.randomUUID());
          as(pair.userId()).get().uri(messages(pair)).exchange().expectStatus().isNotFound();
          assertThat(isErased(pair.personaId())).isFalse();
          return db.sql("COMMIT").update();
        });
    await().until(() -> isErased(pair.personaId()));
    assertNothingIsLeft(pair.personaId());
  }

  @Test
  void theRefusalOfAnErasedPersonaIsThatOfAMissingOne() {
    PairId pair = newPair();
    erase(pair.personaId());
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> history.page(pair, 1, null))
        .withMessage("Persona not found")
        .returns(HttpStatus.NOT_FOUND, Problem::status);
  }

  /** Has the persona erased and waits for the end of it. */
  private void erase(long personaId) {
    erasure.mark(personaId, UUID.randomUUID());
    await().pollInterval(Duration.ofMillis(10)).until(() -> isErased(personaId));
  }

  private boolean isErased(long personaId) {
    return rows("persona_tombstone", "erased_at IS NOT NULL AND persona_id = " + personaId) == 1;
  }

  private HttpStatus append(PairId pair) {
    try {
      history.append(
          pair, new NewMessage(Role.USER, "while it lasts", null, null, null, null, null, null));
      return HttpStatus.CREATED;
    } catch (Problem problem) {
      assertThat(problem.status()).isEqualTo(HttpStatus.NOT_FOUND);
      return problem.status();
    }
  }

  private void assertNothingIsLeft(long personaId) {
    for (String table : TABLES) {
      assertThat(rows(table, "persona_id = " + personaId)).as(table).isZero();
    }
  }
}
