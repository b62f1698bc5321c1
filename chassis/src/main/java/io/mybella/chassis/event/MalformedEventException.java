package io.mybella.chassis.event;

import org.jspecify.annotations.Nullable;

/** An event that no retry will make readable; the binder puts it on the dead letter topic. */
public final class MalformedEventException extends RuntimeException {

  MalformedEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
