package io.mybella.persona.account;

import io.mybella.persona.refusal.RefusalException;

/** Something was not made because an account is gone for good, or is about to be. */
public abstract sealed class AccountException extends RefusalException {

  private AccountException(String detail) {
    super(detail);
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
