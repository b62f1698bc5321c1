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
import java.util.function.BiFunction;
import org.springframework.stereotype.Service;

/**
 * Recalls what was said that bears most on a question, without any model: by its words and those of
 * its neighbours, what its conversation was about, and a few rules ({@link Weights}).
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
  private final Bulkhead places =
      Bulkhead.of(
          "recalls",
          BulkheadConfig.custom().maxConcurrentCalls(AT_ONCE).maxWaitDuration(PATIENCE).build());

  Recall(PairIndexes indexes, RecalledRows rows, PersonaAccess access) {
    this.indexes = indexes;
    this.rows = rows;
    this.access = access;
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
    return inPlace(pair, (index, names) -> Ranking.of(question, index, names, limit), neighbours);
  }

  /**
   * The messages that bear most on what was said, best first; none where the history knows nothing
   * of it. Looked at and bounded as with {@link #recall}.
   *
   * @param limit how many at most
   * @throws Problem 404 when the user may not use the persona; 503 when too many ask
   */
  public List<Message> known(PairId pair, String said, int limit) {
    return inPlace(pair, (index, names) -> Ranking.known(said, index, names, limit), false).stream()
        .map(Recalled::message)
        .toList();
  }

  private List<Recalled> inPlace(
      PairId pair, BiFunction<PairIndex, Names, List<Hit>> find, boolean neighbours) {
    if (!places.tryAcquirePermission()) {
      throw Problem.unavailable("Others are recalling; try again in a moment", SOON);
    }
    try {
      List<Hit> hits = indexes.with(pair, find);
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
