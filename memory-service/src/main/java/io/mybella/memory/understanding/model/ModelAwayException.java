package io.mybella.memory.understanding.model;

import io.mybella.model.ModelFailure;

/** A model gave no answer. */
final class ModelAwayException extends RuntimeException {

  ModelAwayException(ModelFailure failure) {
    super("The model gave no answer: " + failure.reason(), failure);
  }
}
