package io.mybella.memory.recall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/** Which turns of a history bear most on a question. */
final class Ranking {

  /**
   * A turn that was found.
   *
   * @param score the sum of its reasons
   * @param reasons what each signal has contributed, those that have
   */
  record Hit(UUID id, float score, Map<String, Float> reasons) {}

  private final PairIndex index;
  private final Question question;
  private final WordsSignal signal;
  private final MeaningSignal meaning;
  private final float[] words;
  private final float[] sessions;
  private final float[] meanings;
  private final float[] meaningsOfSessions;

  private Ranking(Asked asked, PairIndex index, Names names) {
    this.index = index;
    this.question = Question.of(asked.text(), index, names);
    this.signal = new WordsSignal(index, question, names);
    this.words = signal.scores();
    this.sessions = SessionSignal.of(index, words);
    this.meaning = new MeaningSignal(index, asked.meaning());
    this.meanings = meaning.scores();
    this.meaningsOfSessions = SessionSignal.of(index, meanings);
  }

  /**
   * The best turns, best first; of those that are equally good the newer one. A turn that has no
   * word of the question, in a conversation that has none, is not among them unless it is near in
   * what it means.
   */
  static List<Hit> of(Asked asked, PairIndex index, Names names, int limit) {
    var ranking = new Ranking(asked, index, names);
    return ranking.best(limit).stream().map(ranking::hit).toList();
  }

  /** As {@link #of}, but nothing where the history knows nothing of it. */
  static List<Hit> known(Asked asked, PairIndex index, Names names, int limit) {
    var ranking = new Ranking(asked, index, names);
    return ranking.signal.coverage() < Weights.FLOOR && !ranking.meaning.isAnyNear()
        ? List.of()
        : ranking.best(limit).stream().map(ranking::hit).toList();
  }

  private record Candidate(int turn, float score) {}

  private List<Candidate> best(int limit) {
    var order = Comparator.comparingDouble(Candidate::score).thenComparingInt(Candidate::turn);
    var best = new PriorityQueue<>(order);
    for (int i = 0; i < index.size(); i++) {
      if (words[i] > 0 || sessions[i] > 0 || meaning.isNear(i)) {
        float score = score(i);
        if (best.size() < limit) {
          best.add(new Candidate(i, score));
        } else if (score >= best.element().score()) {
          best.remove();
          best.add(new Candidate(i, score));
        }
      }
    }
    List<Candidate> sorted = new ArrayList<>(best);
    sorted.sort(order.reversed());
    return sorted;
  }

  private float score(int turn) {
    float score =
        Weights.WORDS * words[turn]
            + Weights.SESSION * sessions[turn]
            + Weights.MEANING * meanings[turn]
            + Weights.MEANING_OF_SESSION * meaningsOfSessions[turn]
            + newer(turn);
    for (Rule rule : Rule.ALL) {
      score += rule.of(question, index.turn(turn));
    }
    return score;
  }

  private float newer(int turn) {
    return Weights.NEWER * turn / index.size();
  }

  private Hit hit(Candidate candidate) {
    int turn = candidate.turn();
    Map<String, Float> reasons = new LinkedHashMap<>();
    reasons.put("words", Weights.WORDS * words[turn]);
    reasons.put("conversation", Weights.SESSION * sessions[turn]);
    reasons.put("meaning", Weights.MEANING * meanings[turn]);
    reasons.put("meaning_of_conversation", Weights.MEANING_OF_SESSION * meaningsOfSessions[turn]);
    reasons.put("newer", newer(turn));
    for (Rule rule : Rule.ALL) {
      reasons.put(rule.name(), rule.of(question, index.turn(turn)));
    }
    reasons.values().removeIf(contributed -> contributed == 0);
    return new Hit(index.turn(turn).id(), candidate.score(), reasons);
  }
}
