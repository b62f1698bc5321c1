package io.mybella.memory.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.context.MemoryContext.Preference;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.Recent;
import io.mybella.memory.history.Role;
import io.mybella.memory.token.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RememberedTests {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  /** Three bytes were once taken for a token; Chinese has about one token for each character. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Yesterday I told my sister about the wedding. ",
        "Gestern habe ich meiner Schwester von der Hochzeit erzählt. ",
        "昨天我跟姐姐说了婚礼的事情。",
        "🙂🦊🌋🎻",
        "x"
      })
  void theBudgetHoldsInEachLanguageWhateverItIs(String text) {
    Remembered remembered = remembered(text);
    int all = tokens(remembered.whole(Integer.MAX_VALUE, Tokens::of));

    for (int budget : new int[] {1, 2, 10, 100, all / 2, all - 1, all, all + 1}) {
      MemoryContext context = remembered.within(budget, Tokens::of);
      assertThat(tokens(context)).as("of %d", budget).isLessThanOrEqualTo(budget);
      assertThat(remembered.within(budget, Tokens::of)).isEqualTo(context);
    }
    assertThat(tokens(remembered.within(all / 2, Tokens::of))).isGreaterThan(all / 4);
    assertThat(remembered.within(4 * all, Tokens::of))
        .isEqualTo(remembered.whole(Integer.MAX_VALUE, Tokens::of));
  }

  @Test
  void theNewestMessagesTheSurestFactsAndTheBestOfTheOthersStay() {
    Remembered remembered = remembered("Yesterday I told my sister about the wedding. ");

    MemoryContext context = remembered.within(400, Tokens::of);

    assertThat(context.messages()).isNotEmpty().hasSizeLessThan(20);
    assertThat(context.messages().getLast()).isEqualTo(remembered.recent().messages().getLast());
    assertThat(context.preferences()).isNotEmpty();
    assertThat(remembered.learned().subList(0, context.preferences().size()))
        .isEqualTo(context.preferences());
    assertThat(context.recalled()).isNotEmpty();
    assertThat(remembered.known().subList(0, context.recalled().size()))
        .isEqualTo(context.recalled());
    assertThat(context.summary()).isNotNull();
  }

  private static Remembered remembered(String text) {
    return new Remembered(
        new Recent(messages("recent", text, 20), "In short: " + text.repeat(5)),
        IntStream.range(0, 10)
            .mapToObj(i -> new Preference("food", "dish " + i, text, 1 - i / 10.0))
            .toList(),
        messages("older", text, 10));
  }

  private static List<Message> messages(String kind, String text, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> message("%s %d %s".formatted(kind, i, text.repeat(2))))
        .toList();
  }

  private static Message message(String text) {
    UUID id = UUID.randomUUID();
    return new Message(id, id, Role.USER, text, NOW, null, null, null, null, null, null);
  }

  private static int tokens(MemoryContext context) {
    return Stream.of(
            context.messages().stream().map(Message::content),
            context.recalled().stream().map(Message::content),
            context.preferences().stream().map(Preference::text),
            Stream.ofNullable(context.summary()))
        .flatMap(texts -> texts)
        .mapToInt(Tokens::of)
        .sum();
  }
}
