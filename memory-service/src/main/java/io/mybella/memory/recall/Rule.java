package io.mybella.memory.recall;

import java.util.List;

/**
 * A small reason for or against a turn, whatever its words.
 *
 * @param name as callers see it
 * @param weight what it counts
 * @param signal how far it holds, 0 to 1
 */
record Rule(String name, float weight, Signal signal) {

  /** How far a reason holds. */
  @FunctionalInterface
  interface Signal {
    /** 0 to 1. */
    float of(Question question, Turn turn);
  }

  /** Characters by which a turn begins to say something, and where saying more counts no more. */
  private static final float SOME = 20;

  private static final float MUCH = 3;

  static final List<Rule> ALL =
      List.of(
          new Rule(
              "speaker", Weights.SPEAKER, (asked, turn) -> holds(turn.speaker() == asked.named())),
          new Rule(
              "time", Weights.TIME, (asked, turn) -> holds(asked.asksWhen() && turn.tellsTime())),
          new Rule("date", Weights.DATE, Rule::date),
          new Rule("question", Weights.QUESTION, (_, turn) -> holds(turn.asks())),
          new Rule("first_person", Weights.FIRST_PERSON, (_, turn) -> holds(turn.ofOneself())),
          new Rule("length", Weights.LENGTH, (_, turn) -> length(turn.characters())));

  private static float holds(boolean it) {
    return it ? 1 : 0;
  }

  private static float date(Question asked, Turn turn) {
    return asked.time() == null ? 0 : asked.time().closeness(turn.day());
  }

  private static float length(int characters) {
    return (float) Math.min(1, Math.log1p(characters / SOME) / MUCH);
  }

  float of(Question question, Turn turn) {
    return weight * signal.of(question, turn);
  }
}
