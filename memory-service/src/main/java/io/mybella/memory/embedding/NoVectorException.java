package io.mybella.memory.embedding;

/** Whoever makes vectors has made none. */
public final class NoVectorException extends RuntimeException {

  NoVectorException(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
