package io.mybella.memory.recall;

/**
 * What a whole conversation was about, as its best turns tell: an answer may stand among turns that
 * have the words of the question, and have none of them itself.
 */
final class SessionSignal {

  private SessionSignal() {}

  /**
   * For each turn how well its conversation fits, 0 to 1.
   *
   * @param scores of the turns
   */
  static float[] of(PairIndex index, float[] scores) {
    float[][] best = new float[index.sessions()][Weights.SESSION_TURNS];
    int[] turns = new int[index.sessions()];
    for (int i = 0; i < scores.length; i++) {
      int session = index.turn(i).session();
      turns[session]++;
      insert(best[session], scores[i]);
    }
    float[] means = new float[best.length];
    for (int session = 0; session < means.length; session++) {
      means[session] = mean(best[session], turns[session]);
    }
    float[] scaled = scaled(means);
    float[] ofTurns = new float[scores.length];
    for (int i = 0; i < ofTurns.length; i++) {
      ofTurns[i] = scaled[index.turn(i).session()];
    }
    return ofTurns;
  }

  /** Keeps the greatest, the first of them the greatest of all. */
  private static void insert(float[] greatest, float score) {
    float left = score;
    for (int i = 0; i < greatest.length; i++) {
      if (left > greatest[i]) {
        float lesser = greatest[i];
        greatest[i] = left;
        left = lesser;
      }
    }
  }

  private static float mean(float[] best, int turns) {
    float sum = 0;
    for (float each : best) {
      sum += each;
    }
    return sum / Math.max(1, Math.min(best.length, turns));
  }

  /** From 0 for the least to 1 for the greatest; 0 where all are the same. */
  private static float[] scaled(float[] scores) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      least = Math.min(least, score);
      greatest = Math.max(greatest, score);
    }
    float width = greatest - least;
    float[] scaled = new float[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scaled[i] = width > 0 ? (scores[i] - least) / width : 0;
    }
    return scaled;
  }
}
