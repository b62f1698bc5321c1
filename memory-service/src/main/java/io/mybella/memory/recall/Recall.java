package io.mybella.memory.recall;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.Message;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.recall.Ranking.Hit;
import io.mybella.memory.recall.RecalledRows.Found;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Service;

/**
 * Recalls what was said that bears most on a question: by its words and those of its neighbours,
 * what it means where that is known, what its conversation was about, and a few rules ({@link
 * Weights}).
 */
@Service
public class Recall {

  /** Questions that are answered at a time: each may have to read a long history first. */
  private static final int AT_ONCE = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final PairIndexes indexes;
  private final RecalledRows rows;
  private final PersonaAccess access;
  private final Meanings meanings;
  private final Bulkhead places =
      Bulkhead.of(
          "recalls",
          BulkheadConfig.custom().maxConcurrentCalls(AT_ONCE).maxWaitDuration(PATIENCE).build());

  /** How turns are chosen. */
  @FunctionalInterface
  private interface Choice {
    List<Hit> of(Asked asked, PairIndex index, Names names, int limit);
  }

  Recall(PairIndexes indexes, RecalledRows rows, PersonaAccess access, Meanings meanings) {
    this.indexes = indexes;
    this.rows = rows;
    this.access = access;
    this.meanings = meanings;
  }

  /**
   * The messages that bear most on a question, best first. The newest 50,000 of a history are
   * looked at, as {@link RecallProperties#turns} says, and of each its first {@value
   * IndexRows#CHARACTERS} characters.
   *
   * @param limit how many at most; fewer when their texts would exceed 256 KiB
   * @param neighbours whether the messages next to each are given as well
   * @throws Problem 404 when the user may not use the persona; 503 when too many ask
   */
  public List<Recalled> recall(PairId pair, String question, int limit, boolean neighbours) {
    return inPlace(pair, question, Ranking::of, limit, neighbours);
  }

  /**
   * The messages that bear most on what was said, best first; none where the history knows nothing
   * of it. Looked at and bounded as with {@link #recall}.
   *
   * @param limit how many at most
   * @throws Problem 404 when the user may not use the persona; 503 when too many ask
   */
  public List<Message> known(PairId pair, String said, int limit) {
    return inPlace(pair, said, Ranking::known, limit, false).stream()
        .map(Recalled::message)
        .toList();
  }

  private List<Recalled> inPlace(
      PairId pair, String text, Choice choice, int limit, boolean neighbours) {
    if (!places.tryAcquirePermission()) {
      throw Problem.unavailable("Others are recalling; try again in a moment", SOON);
    }
    try {
      List<Hit> hits =
          indexes.with(
              pair,
              (index, names) -> choice.of(meanings.of(pair, text, index), index, names, limit));
      return hits.isEmpty() ? List.of() : read(pair, hits, neighbours);
    } finally {
      places.onComplete();
    }
  }

  private List<Recalled> read(PairId pair, List<Hit> hits, boolean neighbours) {
    return access
        .checked(pair, () -> rows.find(pair, hits.stream().map(Hit::id).toList(), neighbours))
        .stream()
        .map(found -> recalled(found, hits.get(found.place())))
        .toList();
  }

  private static Recalled recalled(Found found, Hit hit) {
    return new Recalled(found.message(), hit.score(), hit.reasons(), found.before(), found.after());
  }
}
