package io.mybella.operator.doctor;

import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** Failures in a few words. */
final class Reasons {

  private Reasons() {}

  /**
   * Why something could not be done, without secrets: messages of drivers name roles and addresses
   * alone.
   */
  static String of(@Nullable Throwable failure) {
    if (failure instanceof ConnectException) {
      return "nobody listens there";
    }
    if (failure instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    if (failure == null) {
      return "for an unknown reason";
    }
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").strip();
  }
}
