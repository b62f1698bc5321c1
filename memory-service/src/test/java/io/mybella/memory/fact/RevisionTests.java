package io.mybella.memory.fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.fact.Finding.Withdrawal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of a fact when it is observed again, otherwise, or withdrawn. */
class RevisionTests {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration HALF_LIFE = Duration.ofDays(180);
  private static final FactName COLOUR = new FactName("favourites", "favourite colour");
  private static final UUID MESSAGE = new UUID(1, 1);
  private static final UUID OTHER_MESSAGE = new UUID(1, 2);

  private final Certainty certainty = new Certainty(new FactProperties(HALF_LIFE));
  private final List<Fact> known = new ArrayList<>();
  private long ids;

  @Test
  void whatIsNewIsAdded() {
    Revision revision = take(told("green"));
    assertThat(revision.changed()).isEmpty();
    assertThat(revision.added()).hasSize(1);
    Fact added = revision.added().getFirst();
    assertThat(added.value()).isEqualTo("green");
    assertThat(added.confidence()).isEqualTo(0.9);
    assertThat(added.learnedFrom()).isEqualTo(MESSAGE);
    assertThat(added.firstObserved()).isEqualTo(NOON);
    assertThat(added.validUntil()).isNull();
  }

  @Test
  void whatIsSaidAgainIsConfirmedHoweverItIsWritten() {
    know(told("Dark green"));
    Revision revision = take(told("dark  GREEN!", NOON.plusSeconds(60), OTHER_MESSAGE));
    assertThat(revision.added()).isEmpty();
    Fact confirmed = revision.changed().getFirst();
    assertThat(confirmed.value()).isEqualTo("Dark green");
    assertThat(confirmed.confidence()).isEqualTo(0.95, within(1e-9));
    assertThat(confirmed.timesObserved()).isEqualTo(2);
    assertThat(confirmed.firstObserved()).isEqualTo(NOON);
    assertThat(confirmed.lastConfirmed()).isEqualTo(NOON.plusSeconds(60));
    assertThat(confirmed.learnedFrom()).isEqualTo(MESSAGE);
  }

  @Test
  void anotherValueSupersedesTheOneThatWas() {
    know(told("green"));
    Revision revision = take(told("blue", NOON.plusSeconds(60), OTHER_MESSAGE));
    Fact before = revision.changed().getFirst();
    assertThat(before.validUntil()).isEqualTo(NOON.plusSeconds(60));
    assertThat(before.withdrawn()).isFalse();
    Fact now = revision.added().getFirst();
    assertThat(now.value()).isEqualTo("blue");
    assertThat(now.validFrom()).isEqualTo(NOON.plusSeconds(60));
    assertThat(now.timesObserved()).isOne();
  }

  @Test
  void aClockThatIsBehindDoesNotKeepANewerWordFromCounting() {
    know(told("green"));
    Revision revision = take(told("blue", NOON.minusSeconds(5), OTHER_MESSAGE));
    assertThat(revision.added()).extracting(Fact::value).containsExactly("blue");
    assertThat(revision.added().getFirst().validFrom()).isEqualTo(NOON);
  }

  @Test
  void aProgramOverrulesTheUserOnlyWhenItIsAtLeastAsSure() {
    know(observation("green", Source.SET, 0.8, NOON));
    Instant later = NOON.plus(Duration.ofDays(2_000));
    assertThat(take(observation("blue", Source.INFERRED, 0.79, later)).added()).isEmpty();
    assertThat(take(observation("blue", Source.IMPORTED, 0.8, later)).added()).hasSize(1);
    assertThat(take(told("blue", later, MESSAGE)).added()).hasSize(1);
  }

  @Test
  void whatAProgramFoundIsOverruledByWhatItFindsNext() {
    know(observation("green", Source.INFERRED, 0.9, NOON));
    assertThat(take(observation("blue", Source.INFERRED, 0.2, NOON.plusSeconds(1))).added())
        .hasSize(1);
  }

  @Test
  void whatAProgramFoundBecomesTheUsersOwnWord() {
    know(observation("green", Source.INFERRED, 0.6, NOON));
    Fact confirmed = take(told("green", NOON.plusSeconds(1), OTHER_MESSAGE)).changed().getFirst();
    assertThat(confirmed.source()).isEqualTo(Source.TOLD);
    assertThat(confirmed.confidence()).isEqualTo(0.9);
    assertThat(confirmed.learnedFrom()).isEqualTo(OTHER_MESSAGE);
  }

  @Test
  void whatIsSetByHandNoLongerGoesWithAMessage() {
    know(told("green"));
    Fact set =
        take(new Observation(COLOUR, "green", Source.SET, 0.7, null, NOON.plusSeconds(1), false))
            .changed()
            .getFirst();
    assertThat(set.learnedFrom()).isNull();
    assertThat(set.source()).isEqualTo(Source.SET);
    assertThat(set.confidence()).isEqualTo(0.7);
  }

  @Test
  void whatWasConcludedFadesAndWhatWasSaidDoesNot() {
    Fact inferred = know(observation("green", Source.INFERRED, 0.6, NOON));
    assertThat(certainty.at(inferred, NOON)).isEqualTo(0.6);
    assertThat(certainty.at(inferred, NOON.minusSeconds(9))).isEqualTo(0.6);
    assertThat(certainty.at(inferred, NOON.plus(HALF_LIFE))).isEqualTo(0.35, within(1e-9));
    assertThat(certainty.at(inferred, NOON.plus(HALF_LIFE.multipliedBy(9_999)))).isEqualTo(0.1);
    Fact weak = know(observation("green", Source.IMPORTED, 0.05, NOON));
    assertThat(certainty.at(weak, NOON.plus(HALF_LIFE))).isEqualTo(0.05);
    Fact said = know(told("green"));
    assertThat(certainty.at(said, NOON.plus(HALF_LIFE))).isEqualTo(0.9);
  }

  @Test
  void aConfirmationStartsFromWhatIsLeft() {
    know(observation("green", Source.INFERRED, 0.6, NOON));
    Fact confirmed =
        take(observation("green", Source.INFERRED, 0.6, NOON.plus(HALF_LIFE))).changed().getFirst();
    assertThat(confirmed.confidence()).isEqualTo(0.675, within(1e-9));
  }

  @Test
  void whatIsOfThePastStandsWhereItWas() {
    know(told("green"));
    Revision revision = take(past("blue", NOON.minusSeconds(60)));
    assertThat(revision.changed()).isEmpty();
    assertThat(revision.added()).extracting(Fact::value).containsExactly("blue");
    assertThat(revision.added().getFirst().validUntil()).isNotNull();
    assertThat(revision.reordered()).containsExactly(COLOUR);
  }

  @Test
  void aValueOfThePastIsConfirmedFromItsBeginning() {
    know(told("green"));
    Fact confirmed = take(past("green", NOON.minusSeconds(60))).changed().getFirst();
    assertThat(confirmed.firstObserved()).isEqualTo(NOON.minusSeconds(60));
    assertThat(confirmed.lastConfirmed()).isEqualTo(NOON);
    assertThat(confirmed.validFrom()).isEqualTo(NOON);
  }

  @Test
  void whatWasSaidBeforeTheLastConfirmationIsNoNews() {
    Fact fact = know(told("green"));
    known.clear();
    known.add(take(fact, told("green", NOON.plusSeconds(100), OTHER_MESSAGE)).changed().getFirst());
    assertThat(take(past("blue", NOON.plusSeconds(50))).added()).isEmpty();
    assertThat(take(past("blue", NOON.plusSeconds(150))).added()).hasSize(1);
  }

  @Test
  void whatIsWithdrawnEndsAndCanBeLearnedAgain() {
    know(told("green"));
    var forget = new Withdrawal(Set.of("favourite colour"), null, NOON.plusSeconds(9), false);
    Fact gone = take(forget).changed().getFirst();
    assertThat(gone.withdrawn()).isTrue();
    assertThat(gone.validUntil()).isEqualTo(NOON.plusSeconds(9));
    known.clear();
    known.add(gone);
    assertThat(take(past("green", NOON.plusSeconds(5))).added()).isEmpty();
    assertThat(take(told("green", NOON.plusSeconds(10), MESSAGE)).added()).hasSize(1);
  }

  @Test
  void onlyWhatIsMeantIsWithdrawn() {
    know(told("green"));
    for (String other : List.of("green", "colour", "favourite", "favourite colours")) {
      assertThat(take(new Withdrawal(Set.of(other), null, NOON, false)).changed())
          .as(other)
          .isEmpty();
    }
  }

  @Test
  void manyFindingsAreTakenOneAfterTheOther() {
    Revision revision =
        take(
            told("green"),
            told("blue", NOON.plusSeconds(1), OTHER_MESSAGE),
            told("Blue", NOON.plusSeconds(2), OTHER_MESSAGE),
            new Withdrawal(Set.of("favourite colour"), null, NOON.plusSeconds(3), false),
            told("red", NOON.plusSeconds(4), OTHER_MESSAGE));
    assertThat(revision.changed()).isEmpty();
    assertThat(revision.added())
        .extracting(Fact::value, Fact::timesObserved, Fact::withdrawn, Fact::validUntil)
        .containsExactly(
            tuple("green", 1, false, NOON.plusSeconds(1)),
            tuple("blue", 2, true, NOON.plusSeconds(3)),
            tuple("red", 1, false, null));
  }

  @Test
  void whatIsOutOfBoundsIsNoObservation() {
    assertThatIllegalArgumentException().isThrownBy(() -> told(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> told("x".repeat(2_001)));
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> observation("green", Source.INFERRED, wrong, NOON));
    }
  }

  /** Has a fact known, instead of others. */
  private Fact know(Observation observation) {
    known.clear();
    known.add(take(observation).added().getFirst());
    return known.getFirst();
  }

  private Revision take(Fact already, Finding... findings) {
    known.clear();
    known.add(already);
    return take(findings);
  }

  private Revision take(Finding... findings) {
    var revision = new Revision(known, certainty, () -> new UUID(2, ids++));
    for (Finding finding : findings) {
      revision.take(finding);
    }
    return revision;
  }

  private static Observation told(String value) {
    return told(value, NOON, MESSAGE);
  }

  private static Observation told(String value, Instant at, UUID message) {
    return new Observation(COLOUR, value, Source.TOLD, 0.9, message, at, false);
  }

  private static Observation past(String value, Instant at) {
    return new Observation(COLOUR, value, Source.TOLD, 0.9, OTHER_MESSAGE, at, true);
  }

  private static Observation observation(
      String value, Source source, double confidence, Instant at) {
    return new Observation(COLOUR, value, source, confidence, null, at, false);
  }
}
