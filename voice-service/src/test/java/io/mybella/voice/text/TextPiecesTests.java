package io.mybella.voice.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextPiecesTests {

  @Test
  void shortSentencesAreSaidTogether() {
    assertThat(TextPieces.of("One. Two! Three?", 800)).containsExactly("One. Two! Three?");
  }

  @Test
  void aLongTextIsCutBetweenSentences() {
    String sentence = "This is a sentence of some length, as people write them every day. ";

    List<String> pieces = TextPieces.of(sentence.repeat(40), 800);

    assertThat(pieces).hasSizeGreaterThan(3);
    assertThat(pieces).allSatisfy(piece -> assertThat(piece).hasSizeLessThan(801).endsWith("."));
    assertThat(String.join(" ", pieces)).isEqualTo(sentence.repeat(40).strip());
  }

  @Test
  void aSentenceWithoutEndIsCutAtASpace() {
    List<String> pieces = TextPieces.of("word ".repeat(500), 800);

    assertThat(pieces).allSatisfy(piece -> assertThat(piece).hasSizeLessThan(801).endsWith("word"));
    assertThat(String.join(" ", pieces)).isEqualTo("word ".repeat(500).strip());
  }

  @Test
  void noCharacterIsCutInTwo() {
    List<String> pieces = TextPieces.of("x" + "🎈".repeat(1000), 800);

    assertThat(String.join("", pieces)).isEqualTo("x" + "🎈".repeat(1000));
    assertThat(pieces)
        .allSatisfy(
            piece -> {
              assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
              assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
            });
  }

  @Test
  void blanksBetweenPiecesAreNoPieces() {
    assertThat(TextPieces.of("One." + " \n".repeat(2000) + "Two.", 800))
        .containsExactly("One.", "Two.");
  }
}
