package io.mybella.voice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechTextTests {

  @Test
  void theFirstSentenceGoesAloneAndShortOnesFollowTogether() {
    assertThat(SpeechText.pieces("Hello there! How are you? I am fine. Really."))
        .containsExactly("Hello there!", "How are you? I am fine. Really.");
  }

  @Test
  void textWithoutAnEndGetsAFullStop() {
    assertThat(SpeechText.pieces("Hello there")).containsExactly("Hello there.");
  }

  @Test
  void markdownEmojiAndTypographyBecomePlain() {
    assertThat(SpeechText.pieces("**Yes** 😀 — it’s “fine”\u0000 `now`…"))
        .containsExactly("Yes, it's \"fine\" now...");
  }

  @Test
  void noPieceIsLongerThanAllowed() {
    List<String> pieces = SpeechText.pieces("word, and more words ".repeat(240));

    assertThat(pieces).hasSizeGreaterThan(10).allMatch(piece -> piece.length() <= 301);
    assertThat(String.join(" ", pieces).replace(".", "").split(" ")).hasSize(960);
  }

  @Test
  void textWithoutSpacesIsCutToo() {
    assertThat(SpeechText.pieces("a".repeat(5000))).allMatch(piece -> piece.length() <= 301);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "...", "😀😀", "?!", "\u200b"})
  void whatHasNoLetterAndNoDigitHasNoPiece(String text) {
    assertThat(SpeechText.pieces(text)).isEmpty();
  }
}
