package io.mybella.memory.context;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.context.MemoryContext.Preference;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.Recent;
import io.mybella.memory.pair.PairId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
   * @param maxTokens what all texts may come to, counted as {@link MessageHistory#recent} does;
   *     what was learned takes a quarter at most, the surest first; null for no such bound
   * @throws Problem 404 when the user may not use the persona
   */
  public MemoryContext compose(PairId pair, int limit, @Nullable Integer maxTokens) {
    List<Preference> learned = facts.surest(pair).stream().map(Preference::of).toList();
    if (maxTokens == null) {
      return context(history.recent(pair, limit, null), learned);
    }
    int left = maxTokens;
    List<Preference> fitting = new ArrayList<>();
    for (Preference preference : learned) {
      int tokens = tokens(preference);
      if (maxTokens - left + tokens > maxTokens / 4) {
        break;
      }
      fitting.add(preference);
      left -= tokens;
    }
    return context(history.recent(pair, limit, left), fitting);
  }

  private static MemoryContext context(Recent recent, List<Preference> preferences) {
    return new MemoryContext(recent.messages(), recent.summary(), preferences, List.of());
  }

  private static int tokens(Preference preference) {
    String text = preference.category() + preference.key() + preference.value();
    return Math.ceilDiv(
        text.getBytes(StandardCharsets.UTF_8).length, MessageHistory.BYTES_PER_TOKEN);
  }
}
