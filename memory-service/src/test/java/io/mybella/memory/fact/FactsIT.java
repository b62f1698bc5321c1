package io.mybella.memory.fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.history.MessageBatches;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.NewBatch;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What is learned, with the messages it is learned from and without. */
class FactsIT extends MemoryServiceTest {

  private static final FactName COLOUR = new FactName("favourites", "favourite colour");
  private static final String GREEN = "My favourite colour is green";
  private static final String BLUE = "My favourite colour is blue";
  private static final String RED = "My favourite colour is red";

  @Autowired private Facts facts;
  @Autowired private FactProperties properties;
  @Autowired private MessageHistory history;
  @Autowired private MessageBatches batches;
  @Autowired private PersonaScope scope;

  @Test
  void whatIsToldIsKnownAtOnceWithTheMessageThatToldIt() {
    PairId pair = newPair();
    UUID message = tell(pair, "Hey, remember that I am vegetarian!");

    Fact fact = current(pair).getFirst();

    assertThat(fact.name()).isEqualTo(new FactName("remembered", "i am vegetarian"));
    assertThat(fact.value()).isEqualTo("I am vegetarian");
    assertThat(fact.source()).isEqualTo(Source.TOLD);
    assertThat(fact.confidence()).isEqualTo(0.9);
    assertThat(fact.learnedFrom()).isEqualTo(message);
    assertThat(fact.timesObserved()).isOne();
    assertThat(fact.id().version()).isEqualTo(7);
    assertThat(fact.firstObserved())
        .isEqualTo(history.page(pair, 1, null).messages().getFirst().createdAt())
        .isEqualTo(fact.validFrom())
        .isEqualTo(fact.lastConfirmed());
  }

  @Test
  void whatIsToldAgainIsSurerAndWhatIsToldOtherwiseSupersedesIt() {
    PairId pair = newPair();
    tell(pair, GREEN);
    tell(pair, "my favorite colour is Green!");
    assertThat(current(pair))
        .extracting(Fact::value, Fact::timesObserved, Fact::confidence)
        .containsExactly(tuple("green", 2, 0.95));
    tell(pair, BLUE);
    assertThat(values(pair)).containsExactly("blue", "green");
    Fact before = facts.values(pair, COLOUR).getLast();
    assertThat(before.validUntil()).isEqualTo(current(pair).getFirst().validFrom());
  }

  @Test
  void whatIsToBeForgottenIsWithdrawnAndNothingElse() {
    PairId pair = newPair();
    tell(pair, GREEN);
    tell(pair, "Remember that I am vegetarian");
    tell(pair, "Remember that I am tired");
    tell(pair, "Forget that I am a vegetarian");
    assertThat(current(pair)).hasSize(3);
    tell(pair, "You can forget that I’m… oh, forget that I am vegetarian.");
    assertThat(current(pair)).extracting(Fact::value).containsOnly("green", "I am tired");
    tell(pair, "Forget that my favourite colour is red");
    assertThat(current(pair)).hasSize(2);
    tell(pair, "Forget my favourite colour");
    assertThat(current(pair)).extracting(Fact::value).containsOnly("I am tired");
    assertThat(facts.withHistory(pair, null, 10).facts()).hasSize(3);
    tell(pair, GREEN);
    assertThat(values(pair)).containsExactly("green", "green");
  }

  @Test
  void aMessageThatIsStoredOnceCountsOnce() {
    PairId pair = newPair();
    NewMessage told = new NewMessage(Role.USER, GREEN, null, null, "c", null, null, null);
    history.append(pair, told);
    assertThat(history.append(pair, told).repeated()).isTrue();
    var batch = new NewBatch(List.of(told), null, null);
    assertThat(batches.append(pair, batch).stored()).isZero();
    assertThat(current(pair)).extracting(Fact::timesObserved).containsExactly(1);
  }

  @Test
  void whatAPersonaSaysIsNotLearned() {
    PairId pair = newPair();
    history.append(pair, new NewMessage(Role.ASSISTANT, GREEN, null, null, null, null, null, null));
    assertThat(current(pair)).isEmpty();
  }

  @Test
  void aBatchOfNowIsLearnedInItsOrder() {
    PairId pair = newPair();
    append(pair, null, GREEN, "no", BLUE, "Remember that I sing", "my favourite colour is Blue");
    assertThat(values(pair)).containsExactly("blue", "green");
    assertThat(facts.values(pair, COLOUR).getFirst().timesObserved()).isEqualTo(2);
    assertThat(current(pair)).hasSize(2);
  }

  @Test
  void whatWasToldInThePastStandsInItsOwnTime() {
    PairId pair = newPair();
    tell(pair, GREEN);
    Instant longAgo = Instant.parse("2024-03-01T10:00:00Z");
    append(pair, longAgo, RED, BLUE);
    assertThat(values(pair)).containsExactly("green", "blue", "red");
    Fact blue = facts.values(pair, COLOUR).get(1);
    assertThat(blue.validFrom()).isEqualTo(longAgo.plusSeconds(60));
    assertThat(blue.validUntil()).isEqualTo(current(pair).getFirst().validFrom());
    assertThat(facts.values(pair, COLOUR).get(2).validUntil()).isEqualTo(blue.validFrom());
    append(pair, longAgo.minusSeconds(600), GREEN);
    assertThat(current(pair).getFirst().firstObserved()).isEqualTo(longAgo.minusSeconds(600));
  }

  @Test
  void withTheMessageGoesWhatItToldAndWhatWasBeforeHoldsAgain() {
    PairId pair = newPair();
    UUID green = tell(pair, GREEN);
    UUID blue = tell(pair, BLUE);
    UUID red = tell(pair, RED);
    history.remove(pair, blue);
    assertThat(values(pair)).containsExactly("red", "green");
    assertThat(facts.values(pair, COLOUR).getLast().validUntil())
        .isEqualTo(current(pair).getFirst().validFrom());
    history.remove(pair, red);
    assertThat(current(pair)).extracting(Fact::value).containsExactly("green");
    history.remove(pair, green);
    assertThat(rows("preference", of(pair))).isZero();
  }

  @Test
  void fromAMessageOnEverythingIsUnlearned() {
    PairId pair = newPair();
    tell(pair, GREEN);
    UUID blue = tell(pair, BLUE);
    tell(pair, RED);
    tell(pair, "Remember that I sing");
    history.removeFrom(pair, blue);
    assertThat(current(pair)).extracting(Fact::value).containsExactly("green");
    assertThat(rows("preference", of(pair))).isOne();
  }

  @Test
  void anotherTextIsLearnedInPlaceOfTheOldOne() {
    PairId pair = newPair();
    UUID green = tell(pair, GREEN);
    UUID sing = tell(pair, "Remember that I sing");
    tell(pair, BLUE);
    history.edit(pair, sing, "I said nothing");
    assertThat(current(pair)).extracting(Fact::value).containsExactly("blue");
    history.edit(pair, green, RED);
    assertThat(values(pair)).containsExactly("blue", "red");
    assertThat(rows("preference", of(pair) + " AND value IN ('green', 'I sing')")).isZero();
    history.edit(pair, sing, "Remember that I dance");
    assertThat(current(pair)).extracting(Fact::learnedFrom).contains(sing);
  }

  @Test
  void whatWasWithdrawnDoesNotComeBackWithWhatCameAfterIt() {
    PairId pair = newPair();
    tell(pair, GREEN);
    tell(pair, "Forget my favourite colour");
    UUID blue = tell(pair, BLUE);
    history.remove(pair, blue);
    assertThat(current(pair)).isEmpty();
    assertThat(values(pair)).containsExactly("green");
  }

  @Test
  void whatAModelFindsIsTakenInTheTransactionThatItIsGivenTo() {
    PairId pair = newPair();
    UUID message = tell(pair, "I was in Bonn today, where I live");
    observe(pair, "home", "Bonn", Source.INFERRED, 0.6, message);
    observe(pair, "home", "bonn", Source.INFERRED, 0.6, message);
    assertThat(current(pair))
        .extracting(Fact::value, Fact::source, Fact::timesObserved)
        .containsExactly(tuple("Bonn", Source.INFERRED, 2));
    history.edit(pair, message, "nothing");
    assertThat(current(pair)).isEmpty();
    facts.put(pair, new FactName("about", "home"), "Köln", 1);
    observe(pair, "home", "Bonn", Source.INFERRED, 0.99, null);
    assertThat(current(pair)).extracting(Fact::value).containsExactly("Köln");
  }

  @Test
  void nothingIsLearnedWhereNothingIsRemembered() {
    PairId pair = newPair();
    observe(pair, "home", "Bonn", Source.INFERRED, 0.6, null);
    assertThat(rows("preference", of(pair))).isZero();
    assertThat(rows("persona_memory", of(pair))).isZero();
  }

  @Test
  void whatWasConcludedFadesInTheOrderAsInTheFigures() {
    PairId pair = newPair();
    say(pair, "hello");
    observe(pair, "old", "fades", Source.INFERRED, 0.9, null);
    observe(pair, "new", "is fresh", Source.INFERRED, 0.6, null);
    observe(pair, "told", "stays", Source.TOLD, 0.55, null);
    age(pair, "old", properties.halfLife().toSeconds());
    age(pair, "told", properties.halfLife().toSeconds());
    List<Fact> known = current(pair);
    assertThat(known).extracting(fact -> fact.name().key()).containsExactly("new", "told", "old");
    assertThat(known.getLast().confidence()).isCloseTo(0.5, within(1e-3));
    age(pair, "old", 1_000_000_000);
    assertThat(current(pair).getLast().confidence()).isCloseTo(0.1, within(1e-3));
  }

  /** Two replicas hear two things at once, or the same. */
  @RepeatedTest(10)
  void whatIsObservedAtTheSameTimeIsTakenOneAfterTheOther() throws Exception {
    PairId pair = newPair();
    say(pair, "hello");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < 6; writer++) {
        String value = writer % 2 == 0 ? "one" : "other";
        all.add(threads.submit(() -> observe(pair, "value", value, Source.INFERRED, 0.6, null)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    List<Fact> values = facts.values(pair, new FactName("about", "value"));
    assertThat(values).filteredOn(each -> each.validUntil() == null).hasSize(1);
    assertThat(values.stream().mapToInt(Fact::timesObserved).sum()).isEqualTo(6);
    for (int i = 1; i < values.size(); i++) {
      assertThat(values.get(i).value()).isNotEqualTo(values.get(i - 1).value());
    }
  }

  @Test
  void whatIsTooMuchEndsWhereItIsLeastSureAndTheOldestGoes() {
    PairId pair = newPair();
    say(pair, "hello");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO preference (user_id, persona_id, id, category, key, value, source,
                      confidence, first_observed, last_confirmed, valid_from, valid_until)
                    SELECT %d, %d, uuidv7(), CASE WHEN n > 1000 THEN 'past' ELSE 'c' END, 'k' || n, 'v',
                      'inferred', CASE n WHEN 7 THEN 0.2 ELSE 0.9 END, now(), now(),
                      now() - interval '1 day',
                      CASE WHEN n > 1000 THEN now() - interval '1 day' + n * interval '1 second' END
                    FROM generate_series(1, 10000) AS n
                    """
                        .formatted(pair.userId(), pair.personaId()))
                .update());
    tell(pair, GREEN);
    assertThat(rows("preference", of(pair))).isEqualTo(10_000);
    assertThat(rows("preference", of(pair) + " AND valid_until IS NULL")).isEqualTo(1_000);
    assertThat(rows("preference", of(pair) + " AND key = 'k7' AND withdrawn")).isOne();
    assertThat(rows("preference", of(pair) + " AND key IN ('k1001', 'k1002')")).isOne();
    assertThat(facts.surest(pair)).hasSize(50);
  }

  @Test
  void aModelIsGivenNoMoreThanItTakes() {
    PairId pair = newPair();
    IntStream.range(0, 20)
        .forEach(i -> facts.put(pair, new FactName("c", "k" + i), "🙂".repeat(2_000), 1));
    assertThat(facts.surest(pair)).hasSize(2);
    facts.eraseAll(pair);
    assertThat(facts.surest(pair)).isEmpty();
  }

  private void age(PairId pair, String key, long seconds) {
    asSuperuser(
        db ->
            db.sql(
                    """
                    UPDATE preference
                    SET last_confirmed = last_confirmed - make_interval(secs => %d)
                    WHERE %s AND key = '%s'
                    """
                        .formatted(seconds, of(pair), key))
                .update());
  }

  private void observe(
      PairId pair, String key, String value, Source source, double confidence, UUID message) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    var observation =
        new Observation(new FactName("about", key), value, source, confidence, message, now, false);
    scope.run(pair, db -> facts.observe(db, List.of(observation)));
  }

  /** Messages a minute apart. */
  private void append(PairId pair, Instant first, String... texts) {
    List<NewMessage> messages =
        List.of(texts).stream()
            .map(text -> new NewMessage(Role.USER, text, null, null, null, null, null, null))
            .toList();
    List<Instant> times =
        first == null
            ? null
            : IntStream.range(0, texts.length).mapToObj(i -> first.plusSeconds(60L * i)).toList();
    batches.append(pair, new NewBatch(messages, times, null));
  }

  private UUID tell(PairId pair, String text) {
    return UUID.fromString((String) say(pair, text).get("id"));
  }

  private List<Fact> current(PairId pair) {
    return facts.current(pair, null, 200).facts();
  }

  /** The values of the favourite colour, the one that holds first, then the newest by its time. */
  private List<String> values(PairId pair) {
    return facts.values(pair, COLOUR).stream()
        .sorted(Comparator.comparing(Fact::validFrom).reversed())
        .map(Fact::value)
        .toList();
  }
}
