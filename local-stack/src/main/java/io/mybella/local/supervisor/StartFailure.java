package io.mybella.local.supervisor;

/** A stack did not start. The message is written for the person who started it. */
public final class StartFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says why.
   *
   * @param message what went wrong and what to do about it
   */
  public StartFailure(String message) {
    super(message);
  }
}
