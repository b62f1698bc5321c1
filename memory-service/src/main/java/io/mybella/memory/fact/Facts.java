package io.mybella.memory.fact;

import io.mybella.chassis.problem.Problem;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.fact.FactPage.Place;
import io.mybella.memory.fact.FactRows.View;
import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.history.LockedPair;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.PersonaAccess;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * What personas have learned about users. A preference has one value at a time: what is observed is
 * added, confirms the value, or supersedes it, and the value that was is kept as history.
 */
@Service
public class Facts {

  /**
   * An SQL expression for the name that the user has told the persona, or null, which a statement
   * of the pair reads along with its rows.
   */
  public static final String NAME_OF_USER_SQL =
      """
      (SELECT left(value, 100) FROM preference
       WHERE user_id = :user_id AND persona_id = :persona_id
         AND category = 'about' AND key = 'name' AND valid_until IS NULL)
      """;

  /** The bytes of the values of one page, in UTF-8, or one value. */
  static final int PAGE_BYTES = 256 * 1024;

  /** As much as a model can be given with each answer. */
  static final int SUREST = 50;

  /** The bytes of their values, in UTF-8. */
  static final int SUREST_BYTES = 16 * 1024;

  /** Values of one preference that are shown with it. */
  private static final int VALUES = 51;

  /** Facts that are read at once to be taken along: about as much as the longest message. */
  private static final int PIECE = 16;

  /** As with messages: more than two are only needed while the pair is being forgotten. */
  private static final int ATTEMPTS = 20;

  private final FactRows rows;
  private final PersonaScope scope;
  private final PersonaAccess access;
  private final Conversations conversations;
  private final Clock clock;

  Facts(
      FactRows rows,
      PersonaScope scope,
      PersonaAccess access,
      Conversations conversations,
      Clock clock) {
    this.rows = rows;
    this.scope = scope;
    this.access = access;
    this.conversations = conversations;
    this.clock = clock;
  }

  /**
   * What holds now, surest first.
   *
   * @param after where the page begins; null for the first
   * @param limit how many at most; fewer when the values would exceed {@value #PAGE_BYTES} bytes
   * @throws Problem 404 when the user may not use the persona
   */
  public FactPage current(PairId pair, @Nullable Place after, int limit) {
    return page(pair, View.CURRENT, null, after, limit, PAGE_BYTES);
  }

  /**
   * What is surest of what holds now: {@value #SUREST} facts at most, and fewer when their values
   * would exceed {@value #SUREST_BYTES} bytes.
   *
   * @throws Problem 404 when the user may not use the persona
   */
  public List<Fact> surest(PairId pair) {
    return page(pair, View.CURRENT, null, null, SUREST, SUREST_BYTES).facts();
  }

  /**
   * What holds now and what has held, in the order in which it was learned, newest first.
   *
   * @param after where the page begins; null for the first
   * @param limit how many at most; fewer when the values would exceed {@value #PAGE_BYTES} bytes
   * @throws Problem 404 when the user may not use the persona
   */
  public FactPage withHistory(PairId pair, @Nullable Place after, int limit) {
    return page(pair, View.ALL, null, after, limit, PAGE_BYTES);
  }

  /**
   * The values of a preference, the one that holds first, then the newest; 51 at most.
   *
   * @throws Problem 404 when the user may not use the persona, or there are none
   */
  public List<Fact> values(PairId pair, FactName name) {
    List<Fact> values = page(pair, View.NAMED, name, null, VALUES, PAGE_BYTES).facts();
    if (values.isEmpty()) {
      throw noPreference();
    }
    return values;
  }

  private FactPage page(
      PairId pair,
      View view,
      @Nullable FactName name,
      @Nullable Place after,
      int limit,
      int bytes) {
    Place place = Objects.requireNonNullElseGet(after, () -> FactRows.beginning(now()));
    return access.checked(
        pair, () -> scope.call(pair, db -> rows.page(db, view, name, place, limit, bytes)));
  }

  private static Problem noPreference() {
    return Problem.notFound("Preference not found");
  }

  /**
   * Everything, in the order in which it was learned. It is read in pieces while it is walked
   * through, which it can be once, and none before. The access must have been checked.
   */
  public Stream<Fact> all(PairId pair) {
    return Stream.of(new UUID(0, 0))
        .flatMap(
            start ->
                Stream.iterate(
                    piece(pair, start),
                    piece -> !piece.isEmpty(),
                    piece -> piece(pair, piece.getLast().id())))
        .flatMap(List::stream);
  }

  private List<Fact> piece(PairId pair, UUID after) {
    return scope.call(pair, db -> rows.after(db, after, PIECE));
  }

  /**
   * What became of a value that was set.
   *
   * @param added whether the preference had none before
   */
  public record Put(Fact fact, boolean added) {}

  /**
   * Has a value set by the user's hand.
   *
   * @param value 1 to {@value TextLimits#PREFERENCE_VALUE} characters, not blank
   * @param confidence 0 to 1
   * @throws Problem 404 when the user may not use the persona; 409 when it has learned too much
   *     already; 503 when the pair is being forgotten over and over
   */
  public Put put(PairId pair, FactName name, String value, double confidence) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      var said = new Observation(name, value, Source.SET, confidence, null, now(), false);
      Optional<Put> put = access.checked(pair, () -> tryPut(pair, said));
      if (put.isPresent()) {
        return put.get();
      }
      conversations.remember(pair);
    }
    throw Problem.unavailable(
        "The preference could not be stored; try again in a moment", Duration.ofSeconds(1));
  }

  /** Empty when the pair has no memory. */
  private Checked<Optional<Put>> tryPut(PairId pair, Observation said) {
    return scope.call(
        pair,
        db -> {
          LockedPair locked = LockedPair.lock(db);
          return new Checked<>(
              locked.verdict(),
              locked.exists() ? Optional.of(put(db, said)) : Optional.<Put>empty());
        });
  }

  private Put put(PairQueries db, Observation said) {
    boolean full = rows.count(db).current() >= FactRows.CURRENT;
    Revision revision = rows.take(db, List.of(said), said.at());
    boolean added = revision.changed().isEmpty();
    if (full && added) {
      throw Problem.conflict(
          "This persona knows %d preferences already; delete one first"
              .formatted(FactRows.CURRENT));
    }
    return new Put(
        revision.added().isEmpty() ? revision.changed().getLast() : revision.added().getLast(),
        added);
  }

  /**
   * Erases a preference with all values that it has had.
   *
   * @throws Problem 404 when the user may not use the persona, or there is no such preference
   */
  public void erase(PairId pair, FactName name) {
    int erased = access.checked(pair, () -> erasing(pair, db -> rows.drop(db, name)));
    if (erased == 0) {
      throw noPreference();
    }
  }

  /**
   * Erases all preferences of a pair.
   *
   * @throws Problem 404 when the user may not use the persona
   */
  public void eraseAll(PairId pair) {
    access.checked(pair, () -> erasing(pair, rows::drop));
  }

  /** The number of values that were erased; none unless the access is allowed. */
  private Checked<Integer> erasing(PairId pair, Function<PairQueries, Integer> erasure) {
    return scope.call(
        pair,
        db -> {
          LockedPair locked = LockedPair.lock(db);
          return new Checked<>(locked.verdict(), locked.exists() ? erasure.apply(db) : 0);
        });
  }

  /**
   * Takes what was observed about a user, in the order given: a new value is added, the same one is
   * confirmed, another one supersedes it. What a program concluded supersedes what the user said
   * only when it is at least as sure. Without effect when the pair has no memory.
   *
   * @param db of the transaction that this becomes part of; the pair's row is locked until its end
   */
  public void observe(PairQueries db, List<Observation> observations) {
    if (LockedPair.lock(db).exists()) {
      rows.take(db, observations, now());
    }
  }

  /**
   * Takes over what another application had learned, as an observation of the time when it was
   * first made there: what is known since then or is surer stays. The pair must be locked.
   *
   * @param db of the transaction that this becomes part of
   * @return the fact that it became or confirms; empty when it says nothing new
   */
  public Optional<UUID> takeOver(PairQueries db, TakenOver learned) {
    var said =
        new Observation(
            learned.name(),
            learned.value(),
            Source.IMPORTED,
            learned.confidence(),
            null,
            learned.firstObserved(),
            true);
    Revision revision = rows.take(db, List.of(said), now());
    Optional<Fact> added =
        revision.added().stream()
            .filter(fact -> fact.name().equals(learned.name()))
            .reduce((_, last) -> last);
    added.ifPresent(fact -> rows.change(db, List.of(fact.asLearned(learned))));
    return added.or(() -> revision.changed().stream().reduce((_, last) -> last)).map(Fact::id);
  }

  /** Those of the facts that are there, be it as history. */
  public Set<UUID> existing(PairQueries db, Collection<UUID> facts) {
    return rows.existing(db, facts);
  }

  /** The database keeps microseconds: an answer says what a later page will say. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
