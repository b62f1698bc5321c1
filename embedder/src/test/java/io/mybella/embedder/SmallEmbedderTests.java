package io.mybella.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What means alike points alike, and nothing that anybody writes is too much for it. */
class SmallEmbedderTests {

  private static final SmallEmbedder EMBEDDER = new SmallEmbedder();

  @AfterAll
  static void closed() {
    EMBEDDER.close();
  }

  @Test
  void whatMeansAlikeIsCloserThanWhatHasTheSameWords() {
    float[] question = EMBEDDER.ofQuestion("Where does her little cat sleep?");
    float answer = product(question, EMBEDDER.ofPassage("The kitten has its basket by the stove."));
    float other = product(question, EMBEDDER.ofPassage("Her little brother does the dishes."));
    assertThat(answer).isGreaterThan(other);
  }

  @Test
  void vectorsHaveTheLengthOfOneAndAreTheSameEachTime() {
    float[] vector = EMBEDDER.ofPassage("Ann: I live in Berlin.");
    assertThat(vector).hasSize(SmallEmbedder.DIMENSIONS);
    assertThat(product(vector, vector)).isCloseTo(1, within(1e-4f));
    assertThat(EMBEDDER.ofPassage("Ann: I live in Berlin.")).isEqualTo(vector);
    assertThat(EMBEDDER.ofQuestion("Ann: I live in Berlin.")).isNotEqualTo(vector);
  }

  @Test
  void longTextsCountByTheirBeginningsAndOddOnesCount() {
    String many = "tea and cake ".repeat(400);
    assertThat(EMBEDDER.ofPassage(many + "or a walk")).isEqualTo(EMBEDDER.ofPassage(many));
    for (String odd : new String[] {"", " ", "\u0000", "日本語", "😀", "x".repeat(5_000), "\ud83d"}) {
      float[] vector = EMBEDDER.ofPassage(odd);
      assertThat(product(vector, vector)).as(odd).isCloseTo(1, within(1e-4f));
    }
  }

  private static float product(float[] one, float[] other) {
    return (float) IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
  }
}
