package io.mybella.memory.work;

import io.mybella.memory.pair.PairId;

/** Whom a piece of work is about. */
public sealed interface Subject {

  /** One memory. The work goes with it when it is erased. */
  record OfPair(PairId pair) implements Subject {}

  /** A persona, with all users. */
  record OfPersona(long personaId) implements Subject {}

  /** A user, with all personas. */
  record OfUser(long userId) implements Subject {}
}
