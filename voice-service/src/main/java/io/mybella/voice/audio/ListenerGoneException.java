package io.mybella.voice.audio;

import java.io.IOException;

/** Nobody waits for this speech any more, so no more of it is made. */
public final class ListenerGoneException extends IOException {

  /** Says so. */
  public ListenerGoneException() {
    super("the listener has left");
  }

  /** Leaves the stack trace out: this is no fault. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
