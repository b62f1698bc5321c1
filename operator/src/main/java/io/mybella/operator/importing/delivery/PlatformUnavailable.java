package io.mybella.operator.importing.delivery;

import org.jspecify.annotations.Nullable;

/** The platform does not answer, or does not let the importer in. The message says what to do. */
public final class PlatformUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  PlatformUnavailable(String message) {
    super(message);
  }

  /**
   * Says why.
   *
   * @param message with what to do
   */
  public PlatformUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
