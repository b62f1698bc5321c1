package io.mybella.memory.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokensTests {

  /** As OpenAI's own tokenizer counts them. */
  @ParameterizedTest
  @CsvSource({"'',0", "hello world,2", "tiktoken is great!,6", "お誕生日おめでとう,9", "<|endoftext|>,7"})
  void textsAreCountedAsTheModelsDo(String text, int tokens) {
    assertThat(Tokens.of(text)).isEqualTo(tokens);
  }

  static Stream<String> longTexts() {
    return Stream.of(
        "x".repeat(32_000), "?!".repeat(16_000), "\n ".repeat(16_000), "龍".repeat(32_000));
  }

  @ParameterizedTest
  @MethodSource("longTexts")
  void theLongestMessageIsCountedWhateverItIsMadeOf(String text) {
    assertThat(Tokens.of(text)).isPositive();
  }

  @Test
  void aRowOfOneLetterHasTheMostBytesForAToken() {
    assertThat(Tokens.of("a".repeat(8_000)) * Tokens.MOST_BYTES).isEqualTo(8_000);
  }
}
