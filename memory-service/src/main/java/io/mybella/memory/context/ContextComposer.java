package io.mybella.memory.context;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.context.MemoryContext.Preference;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.recall.Recall;
import io.mybella.memory.token.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Composes the context of an answer from what is remembered: the recent messages, the summary of
 * what came before, what was learned, and older messages that bear on what is asked.
 */
@Service
public class ContextComposer {

  /** Older messages that are recalled at most: half of the answers are among the first two. */
  private static final int RECALLED = 10;

  /** What they may come to where no budget is given. */
  private static final int RECALLED_TOKENS = 2_000;

  private final MessageHistory history;
  private final Facts facts;
  private final Recall recall;

  ContextComposer(MessageHistory history, Facts facts, Recall recall) {
    this.history = history;
    this.facts = facts;
    this.recall = recall;
  }

  /**
   * The context of the next answer, the same for the same memory.
   *
   * @param limit how many recent messages at most
   * @param maxTokens what all texts may come to, counted by {@link Tokens}; what was learned takes
   *     a quarter at most, the surest first, and what is recalled another one, the best first; the
   *     summary half of what they leave, or it is left out; null for no such bound
   * @param query what older messages are to bear on, as a rule what was said last; null for none.
   *     Nothing is recalled where the history knows nothing of it
   * @throws Problem 404 when the user may not use the persona; 503 when too many ask
   */
  public MemoryContext compose(
      PairId pair, int limit, @Nullable Integer maxTokens, @Nullable String query) {
    List<Preference> learned = facts.surest(pair).stream().map(Preference::of).toList();
    List<Message> known =
        query == null || query.isBlank() ? List.of() : recall.known(pair, query, RECALLED);
    long bytes = maxTokens == null ? Integer.MAX_VALUE : maxTokens * (long) Tokens.MOST_BYTES;
    var remembered = new Remembered(history.recent(pair, limit, bytes), learned, known);
    return maxTokens == null
        ? remembered.whole(RECALLED_TOKENS, Tokens::of)
        : within(maxTokens, remembered);
  }

  /** A token has a byte at least: what fits when bytes are counted need not be counted again. */
  private static MemoryContext within(int maxTokens, Remembered remembered) {
    MemoryContext counted = remembered.within(maxTokens, ContextComposer::bytes);
    return counted.equals(remembered.whole(maxTokens, ContextComposer::bytes))
        ? counted
        : remembered.within(maxTokens, Tokens::of);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
