package io.mybella.persona.account;

import io.mybella.chassis.problem.Problem;
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
   * What the caller is told when something was not made.
   *
   * @return 401 when the account of its user is gone; otherwise the violation itself
   */
  public static RuntimeException problem(DataIntegrityViolationException violation) {
    return isCauseOf(violation) ? Problem.unauthorized("Sign in to continue") : violation;
  }

  /** Whether something was not made because the account of its user is gone. */
  public static boolean isCauseOf(DataIntegrityViolationException violation) {
    return violation.getMostSpecificCause() instanceof SQLException refusal
        && REFUSAL.equals(refusal.getSQLState());
  }
}
