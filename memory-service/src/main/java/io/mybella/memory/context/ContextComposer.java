package io.mybella.memory.context;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.context.MemoryContext.Preference;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.Recent;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.recall.Recall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
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
   * @param maxTokens what all texts may come to, counted as {@link MessageHistory#recent} does;
   *     what was learned takes a quarter at most, the surest first, and what is recalled another
   *     one; null for no such bound
   * @param query what older messages are to bear on, as a rule what was said last; null for none.
   *     Nothing is recalled where the history knows nothing of it
   * @throws Problem 404 when the user may not use the persona; 503 when too many ask
   */
  public MemoryContext compose(
      PairId pair, int limit, @Nullable Integer maxTokens, @Nullable String query) {
    List<Preference> learned = facts.surest(pair).stream().map(Preference::of).toList();
    List<Preference> fitting =
        maxTokens == null ? learned : fitting(learned, maxTokens / 4, ContextComposer::tokens);
    List<Message> known =
        query == null || query.isBlank() ? List.of() : recall.known(pair, query, RECALLED);
    Recent recent =
        history.recent(pair, limit, maxTokens == null ? null : left(maxTokens, fitting, known));
    Set<UUID> shown = recent.messages().stream().map(Message::id).collect(Collectors.toSet());
    List<Message> older = known.stream().filter(each -> !shown.contains(each.id())).toList();
    int room = maxTokens == null ? RECALLED_TOKENS : maxTokens / 4;
    return new MemoryContext(
        recent.messages(),
        recent.summary(),
        fitting,
        fitting(older, room, message -> tokens(message.content())));
  }

  /** What the recent messages and the summary may have. */
  private static int left(int maxTokens, List<Preference> learned, List<Message> known) {
    int taken = learned.stream().mapToInt(ContextComposer::tokens).sum();
    int kept = known.stream().mapToInt(message -> tokens(message.content())).sum();
    return Math.max(1, maxTokens - taken - Math.min(kept, maxTokens / 4));
  }

  /** The first ones, as many as fit. */
  private static <T> List<T> fitting(List<T> things, int room, ToIntFunction<T> tokens) {
    List<T> fitting = new ArrayList<>();
    int left = room;
    for (T thing : things) {
      left -= tokens.applyAsInt(thing);
      if (left < 0) {
        break;
      }
      fitting.add(thing);
    }
    return fitting;
  }

  private static int tokens(Preference preference) {
    return tokens(preference.category() + preference.key() + preference.value());
  }

  private static int tokens(String text) {
    return Math.ceilDiv(
        text.getBytes(StandardCharsets.UTF_8).length, MessageHistory.BYTES_PER_TOKEN);
  }
}
