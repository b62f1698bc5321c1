package io.mybella.memory.context;

import io.mybella.memory.context.MemoryContext.Preference;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.Recent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What is remembered for an answer, before anybody asks how much of it fits.
 *
 * @param recent the newest messages and the summary of what came before
 * @param learned of the user, surest first
 * @param known older messages that bear on what is asked, best first, some of them recent perhaps
 */
record Remembered(Recent recent, List<Preference> learned, List<Message> known) {

  /** All of it, but for what is recalled: of that as much as has room. */
  MemoryContext whole(int room, ToIntFunction<String> tokens) {
    return context(recent, learned, room, tokens);
  }

  /**
   * As much as a budget has room for. What was learned takes a quarter at most, and what is
   * recalled another one; the summary half of what they leave, or it is left out.
   *
   * @param tokens counts those of a text
   */
  MemoryContext within(int budget, ToIntFunction<String> tokens) {
    int quarter = budget / 4;
    List<Preference> surest = fitting(learned, quarter, tokens, Preference::text);
    int room =
        budget
            - sum(surest, tokens, Preference::text)
            - Math.min(quarter, sum(known, tokens, Message::content));
    return context(newest(room, tokens), surest, quarter, tokens);
  }

  private Recent newest(int room, ToIntFunction<String> tokens) {
    int length = recent.summary() == null ? 0 : tokens.applyAsInt(recent.summary());
    boolean kept = length <= room / 2;
    List<Message> newest =
        fitting(
            recent.messages().reversed(), kept ? room - length : room, tokens, Message::content);
    return new Recent(newest.reversed(), kept ? recent.summary() : null);
  }

  /** What is among the recent messages is not recalled as well. */
  private MemoryContext context(
      Recent shown, List<Preference> surest, int room, ToIntFunction<String> tokens) {
    Set<UUID> ids = shown.messages().stream().map(Message::id).collect(Collectors.toSet());
    List<Message> older = known.stream().filter(each -> !ids.contains(each.id())).toList();
    return new MemoryContext(
        shown.messages(), shown.summary(), surest, fitting(older, room, tokens, Message::content));
  }

  /** The first ones, as many as have room. */
  private static <T> List<T> fitting(
      Collection<T> things, int room, ToIntFunction<String> tokens, Function<T, String> text) {
    List<T> fitting = new ArrayList<>();
    int left = room;
    for (T thing : things) {
      left -= tokens.applyAsInt(text.apply(thing));
      if (left < 0) {
        break;
      }
      fitting.add(thing);
    }
    return fitting;
  }

  private static <T> int sum(
      Collection<T> things, ToIntFunction<String> tokens, Function<T, String> text) {
    return things.stream().map(text).mapToInt(tokens).sum();
  }
}
