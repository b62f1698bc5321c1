package io.mybella.memory.fact;

import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.fact.Finding.Withdrawal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of facts when findings are taken, one after the other: a new one is added, the same
 * is confirmed, another one supersedes it, and what is to be forgotten is withdrawn.
 */
final class Revision {

  private final Certainty certainty;
  private final Supplier<UUID> ids;

  /** Of each name the value that came last, whether it holds or not. */
  private final Map<FactName, Fact> latest = new LinkedHashMap<>();

  private final Map<UUID, Fact> added = new LinkedHashMap<>();
  private final Map<UUID, Fact> changed = new LinkedHashMap<>();
  private final Set<FactName> reordered = new LinkedHashSet<>();

  /**
   * A revision.
   *
   * @param known the latest value of each name that there will be findings about; all that hold
   *     now, when there is a withdrawal
   * @param ids of new facts, each greater than the one before
   */
  Revision(List<Fact> known, Certainty certainty, Supplier<UUID> ids) {
    known.forEach(fact -> latest.put(fact.name(), fact));
    this.certainty = certainty;
    this.ids = ids;
  }

  /** Facts that are new, oldest first. */
  List<Fact> added() {
    return List.copyOf(added.values());
  }

  /** Facts that were there and are now like this. */
  List<Fact> changed() {
    return List.copyOf(changed.values());
  }

  /** Names that have got a value before others of theirs: when each ended is to be told anew. */
  List<FactName> reordered() {
    return List.copyOf(reordered);
  }

  /** Takes a finding. */
  void take(Finding finding) {
    switch (finding) {
      case Observation observation -> observe(observation);
      case Withdrawal withdrawal -> withdraw(withdrawal);
    }
  }

  private void observe(Observation said) {
    Fact last = latest.get(said.name());
    if (last == null) {
      add(said, said.at());
      return;
    }
    Instant at = timeOf(said, last);
    boolean same =
        said.source() == Source.SET ? last.value().equals(said.value()) : same(last, said);
    if (last.withdrawn()) {
      observeAfterEnd(said, at, last, same);
    } else if (same) {
      confirm(last, said, at);
    } else if (at.isBefore(last.validFrom())) {
      addBefore(said);
    } else if (!at.isBefore(last.lastConfirmed()) && yields(last, said, at)) {
      put(last.ended(at, false));
      add(said, at);
    }
  }

  /** What was said before it was withdrawn is no news. */
  private void observeAfterEnd(Observation said, Instant at, Fact last, boolean same) {
    if (!at.isBefore(last.end())) {
      add(said, at);
    } else if (!same && at.isBefore(last.validFrom())) {
      addBefore(said);
    }
  }

  private static Instant timeOf(Finding finding, Fact last) {
    return finding.past() || finding.at().isAfter(last.end()) ? finding.at() : last.end();
  }

  private static boolean same(Fact fact, Observation said) {
    return Words.of(fact.value()).equals(Words.of(said.value()));
  }

  /** A program overrules the user only when it is at least as sure. */
  private boolean yields(Fact last, Observation said, Instant at) {
    return said.source().isOfUser()
        || !last.source().isOfUser()
        || said.confidence() >= certainty.at(last, at);
  }

  private void add(Observation said, Instant at) {
    Fact fact = fact(said, at, null);
    added.put(fact.id(), fact);
    latest.put(fact.name(), fact);
  }

  /** It has been superseded since. */
  private void addBefore(Observation said) {
    Fact fact = fact(said, said.at(), said.at());
    added.put(fact.id(), fact);
    reordered.add(fact.name());
  }

  private Fact fact(Observation said, Instant from, @Nullable Instant until) {
    return new Fact(
        ids.get(),
        said.name(),
        said.value(),
        said.source(),
        said.confidence(),
        said.learnedFrom(),
        from,
        from,
        1,
        from,
        until,
        false);
  }

  private void confirm(Fact fact, Observation said, Instant at) {
    Instant last = at.isAfter(fact.lastConfirmed()) ? at : fact.lastConfirmed();
    boolean byHand = said.source() == Source.SET;
    Source source = byHand ? Source.SET : fact.source().or(said.source());
    put(
        new Fact(
            fact.id(),
            fact.name(),
            fact.value(),
            source,
            byHand
                ? said.confidence()
                : Certainty.confirmed(certainty.at(fact, last), said.confidence()),
            source == fact.source() && !byHand ? fact.learnedFrom() : said.learnedFrom(),
            at.isBefore(fact.firstObserved()) ? at : fact.firstObserved(),
            last,
            fact.timesObserved() + 1,
            fact.validFrom(),
            fact.validUntil(),
            fact.withdrawn()));
  }

  private void withdraw(Withdrawal withdrawal) {
    for (Fact fact : new ArrayList<>(latest.values())) {
      if (fact.validUntil() == null && withdrawal.means(fact)) {
        Instant at = timeOf(withdrawal, fact);
        if (!at.isBefore(fact.lastConfirmed())) {
          put(fact.ended(at, true));
        }
      }
    }
  }

  private void put(Fact fact) {
    latest.put(fact.name(), fact);
    (added.containsKey(fact.id()) ? added : changed).put(fact.id(), fact);
  }
}
