package io.mybella.memory.recall;

import io.mybella.memory.recall.Asked.Meaning;
import io.mybella.memory.vector.ByteVector;
import org.jspecify.annotations.Nullable;

/**
 * How near turns are to a question in what they mean, whatever their words: the cosines of their
 * vectors. Without one, because it is yet to be made or the meaning of the question is not known, a
 * turn is as far as the farthest.
 */
final class MeaningSignal {

  private static final float NONE = Float.NEGATIVE_INFINITY;

  private final float[] cosines;
  private final float near;

  MeaningSignal(PairIndex index, @Nullable Meaning asked) {
    this.cosines = new float[index.size()];
    this.near = asked == null ? Float.POSITIVE_INFINITY : asked.near();
    for (int i = 0; i < cosines.length; i++) {
      ByteVector vector =
          asked == null ? null : index.vectors().of(i, asked.model(), asked.vector().dimensions());
      cosines[i] = vector == null || asked == null ? NONE : vector.cosine(asked.vector());
    }
  }

  /** Whether a turn bears on the question, even if it has no word of it. */
  boolean isNear(int turn) {
    return cosines[turn] >= near;
  }

  /** Whether any turn does. */
  boolean isAnyNear() {
    for (int i = 0; i < cosines.length; i++) {
      if (isNear(i)) {
        return true;
      }
    }
    return false;
  }

  /** For each turn 0, for the farthest, to 1 for the nearest. */
  float[] scores() {
    float least = Float.POSITIVE_INFINITY;
    float greatest = NONE;
    for (float each : cosines) {
      least = each == NONE ? least : Math.min(least, each);
      greatest = Math.max(greatest, each);
    }
    float width = greatest - least;
    float[] scaled = new float[cosines.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = cosines[i] > NONE && width > 0 ? (cosines[i] - least) / width : 0;
    }
    return scaled;
  }
}
