package io.mybella.memory.understanding.model;

/** A model answered something else than what was asked for. Names no word of the answer. */
final class UnusableAnswerException extends RuntimeException {

  UnusableAnswerException(String message) {
    super(message);
  }
}
