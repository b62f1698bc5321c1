package io.mybella.memory.recall;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How well the words of turns fit a question: BM25 (Robertson and Zaragoza, The Probabilistic
 * Relevance Framework, 2009) over turns that have the words of their neighbours in the same
 * conversation as well, at a lower rate. Who speaks and when are words, too.
 */
final class WordsSignal {

  private final PairIndex index;
  private final float[] lengths;
  private final float usualLength;
  private final float[] scores;

  /** What a turn would score that had all that is asked for, over and over. */
  private float possible;

  WordsSignal(PairIndex index, Question question, Names names) {
    this.index = index;
    float[] own = new float[index.size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = index.words(i);
    }
    this.lengths = withNeighbours(own);
    this.usualLength = mean(lengths);
    this.scores = new float[index.size()];
    List<Set<String>> called =
        index.speakers().stream().map(each -> stems(names.of(each))).toList();
    for (String stem : question.stems()) {
      float rarity = add(withNeighbours(frequencies(stem, called)));
      // Who is meant is not what is asked for.
      possible += called.stream().anyMatch(each -> each.contains(stem)) ? 0 : rarity;
    }
  }

  private static float mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return (float) (sum / Math.max(1, values.length));
  }

  /**
   * How much of what is asked for the best turn has, 0 to about 1: rare words count most, and those
   * that nobody has ever said as well.
   */
  float coverage() {
    return possible > 0 ? best() / possible : 0;
  }

  private float best() {
    float best = 0;
    for (float score : scores) {
      best = Math.max(best, score);
    }
    return best;
  }

  /** For each turn 0, when it has nothing of the question, to 1 for the best one. */
  float[] scores() {
    float best = best();
    float[] scaled = new float[scores.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = best > 0 ? scores[i] / best : 0;
    }
    return scaled;
  }

  private Set<String> stems(@Nullable String name) {
    return name == null ? Set.of() : Set.copyOf(index.language().stems(name));
  }

  private float[] frequencies(String stem, List<Set<String>> called) {
    float[] frequencies = new float[index.size()];
    Postings postings = index.of(stem);
    if (postings != null) {
      for (int i = 0; i < postings.size(); i++) {
        frequencies[postings.turn(i)] = postings.count(i);
      }
    }
    for (int speaker = 0; speaker < called.size(); speaker++) {
      if (called.get(speaker).contains(stem)) {
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] += index.turn(i).speaker() == speaker ? 1 : 0;
        }
      }
    }
    return frequencies;
  }

  private float[] withNeighbours(float[] own) {
    float[] all = Arrays.copyOf(own, own.length);
    for (int i = 1; i < own.length; i++) {
      if (index.goesOn(i)) {
        all[i] += Weights.TURN_BEFORE * own[i - 1];
        all[i - 1] += Weights.TURN_AFTER * own[i];
      }
    }
    return all;
  }

  /** Returns how much the word counts. */
  private float add(float[] frequencies) {
    int having = 0;
    for (float frequency : frequencies) {
      having += frequency > 0 ? 1 : 0;
    }
    float most =
        (Weights.K1 + 1) * (float) Math.log1p((frequencies.length - having + 0.5) / (having + 0.5));
    for (int i = 0; i < frequencies.length; i++) {
      float length = 1 - Weights.B + Weights.B * lengths[i] / usualLength;
      scores[i] += most * frequencies[i] / (frequencies[i] + Weights.K1 * length);
    }
    return most;
  }
}
