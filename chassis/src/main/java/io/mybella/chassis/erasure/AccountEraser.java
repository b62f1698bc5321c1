package io.mybella.chassis.erasure;

/** Erases what a service holds of users whose accounts were deleted; a bean of the service. */
@FunctionalInterface
public interface AccountEraser {

  /**
   * Erases a user, or sees to it that it is done soon. The mark of the account has committed: from
   * then on nothing can be made for the user. Called outside of any transaction, and again when it
   * is told again or failed; when nothing is left, {@link ErasedAccounts#complete} gives the
   * receipt.
   */
  void erase(long userId);
}
