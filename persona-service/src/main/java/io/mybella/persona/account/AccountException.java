package io.mybella.persona.account;

/**
 * Something was not made because an account is gone for good, or is about to be. An answer and not
 * a fault of the program: it has no stack trace.
 */
public abstract sealed class AccountException extends RuntimeException {

  private final String detail;

  private AccountException(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  /** The message for the caller. */
  public String detail() {
    return detail;
  }

  /** The account of the user who asked is gone. */
  public static final class Gone extends AccountException {

    Gone() {
      super("Sign in to continue");
    }
  }

  /** Somebody's account is being deleted; the next time it is known to be gone. */
  public static final class BeingDeleted extends AccountException {

    BeingDeleted(String detail) {
      super(detail);
    }
  }
}
