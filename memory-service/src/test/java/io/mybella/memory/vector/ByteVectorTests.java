package io.mybella.memory.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes tell as much of a direction as full numbers do. */
class ByteVectorTests {

  private final Random random = new Random(4);

  @Test
  void cosinesAreThoseOfFullNumbers() {
    for (int dimensions : new int[] {1, 2, 3, 5, 384, 1_535, 4_096}) {
      float[] one = random(dimensions);
      float[] other = random(dimensions);
      assertThat(ByteVector.of(one).cosine(ByteVector.of(other)))
          .as("%d dimensions", dimensions)
          .isCloseTo(cosine(one, other), within(0.01f));
      assertThat(ByteVector.of(one).cosine(ByteVector.of(one))).isCloseTo(1, within(1e-5f));
      assertThat(ByteVector.of(one).dimensions()).isEqualTo(dimensions);
    }
  }

  @Test
  void theLargestComponentIsTheLargestByteWhateverItsSize() {
    assertThat(ByteVector.of(new float[] {0, 3, -1.5f}).components()).containsExactly(0, 127, -63);
    assertThat(ByteVector.of(new float[] {-1e-20f, 1e-20f}).components())
        .containsExactly(-127, 127);
    float[] large = {Float.MAX_VALUE, -Float.MAX_VALUE};
    assertThat(ByteVector.of(large).components()).containsExactly(127, -127);
  }

  @Test
  void whatPointsNowhereIsLikeNothing() {
    ByteVector nowhere = ByteVector.of(new float[] {0, 0});
    assertThat(nowhere.cosine(ByteVector.of(new float[] {1, 0}))).isZero();
    assertThat(nowhere.cosine(nowhere)).isZero();
  }

  private float[] random(int dimensions) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static float cosine(float[] one, float[] other) {
    double product = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
      ones += one[i] * one[i];
      others += other[i] * other[i];
    }
    return (float) (product / Math.sqrt(ones * others));
  }
}
