package io.mybella.chassis.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorableTextTests {

  @ParameterizedTest
  @ValueSource(strings = {"", "Nova", "你好", "😀", "\u202Eabc", "a\nb\tc", "\uFFFD"})
  void whatCanBeStoredIsText(String text) {
    assertThat(StorableText.isStorable(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\uD83D", "\uDE00", "\uDE00\uD83D", "x\uD83Dy"})
  void whatCannotBeStoredIsNone(String text) {
    assertThat(StorableText.isStorable(text)).isFalse();
  }
}
