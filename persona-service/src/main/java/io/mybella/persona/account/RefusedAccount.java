package io.mybella.persona.account;

import java.sql.SQLException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * What the database answers when something would be made for an account that is gone: triggers of
 * V3__erased_accounts.sql.
 */
public final class RefusedAccount {

  /** The state with which the triggers refuse. */
  private static final String REFUSAL = "23MB1";

  private RefusedAccount() {}

  /**
   * Why something was not made for the user who asked.
   *
   * @return {@link AccountException.Gone} when that account is gone; otherwise the violation itself
   */
  public static RuntimeException exception(DataIntegrityViolationException violation) {
    return isCauseOf(violation) ? new AccountException.Gone() : violation;
  }

  /**
   * Why things were not made that an operator sent for many users.
   *
   * @param things what is to be sent again, such as "personas"
   * @return {@link AccountException.BeingDeleted} when one of the accounts went meanwhile;
   *     otherwise the violation itself
   */
  public static RuntimeException exceptionAmong(
      String things, DataIntegrityViolationException violation) {
    return isCauseOf(violation)
        ? new AccountException.BeingDeleted(
            "An account is being deleted; send the " + things + " again")
        : violation;
  }

  private static boolean isCauseOf(DataIntegrityViolationException violation) {
    return violation.getMostSpecificCause() instanceof SQLException refusal
        && REFUSAL.equals(refusal.getSQLState());
  }
}
