package io.mybella.persona.refusal;

/**
 * A room does not do what it was asked to. An answer and not a fault of the program: it has no
 * stack trace.
 */
public abstract class RefusalException extends RuntimeException {

  private final String detail;

  /** One with a message for the caller. */
  protected RefusalException(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  /** The message for the caller. */
  public String detail() {
    return detail;
  }
}
