package io.mybella.memory.context;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.context.MemoryContext.Preference;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.Recent;
import io.mybella.memory.pair.PairId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Composes the context of an answer from what is remembered: the recent messages, the summary of
 * what came before, and what was learned.
 */
@Service
public class ContextComposer {

  private final MessageHistory history;
  private final Facts facts;

  ContextComposer(MessageHistory history, Facts facts) {
    this.history = history;
    this.facts = facts;
  }

  /**
   * The context of the next answer.
   *
   * @param limit how many recent messages at most
   * @param maxTokens what messages and summary may come to, see {@link MessageHistory#recent}; null
   *     for no such bound
   * @throws Problem 404 when the user may not use the persona
   */
  public MemoryContext compose(PairId pair, int limit, @Nullable Integer maxTokens) {
    Recent recent = history.recent(pair, limit, maxTokens);
    return new MemoryContext(
        recent.messages(),
        recent.summary(),
        facts.surest(pair).stream().map(Preference::of).toList(),
        List.of());
  }
}
