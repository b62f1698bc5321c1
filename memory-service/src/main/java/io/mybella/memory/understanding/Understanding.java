package io.mybella.memory.understanding;

/** Understands conversations. Called outside of any transaction: it may take its time. */
public interface Understanding {

  /** What is kept beside its results: {@code extract}, or the name of a model. */
  String name();

  /**
   * What a conversation is about.
   *
   * @throws RuntimeException when it cannot say; the conversation stays as it is and is tried again
   *     later
   */
  Understood of(Talk talk);
}
