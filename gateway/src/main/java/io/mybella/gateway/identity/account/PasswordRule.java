package io.mybella.gateway.identity.account;

import com.nulabinc.zxcvbn.Zxcvbn;
import io.mybella.chassis.problem.Problem;
import java.lang.ref.WeakReference;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Which passwords are taken: at least eight characters (NIST SP 800-63B), none of those that
 * everybody tries first, and none made of the account's own name or address.
 */
@Component
class PasswordRule {

  /** Longer text is refused by the request's own limit; guessing looks only at this much. */
  private static final int LOOKED_AT = 64;

  private static final int MIN_LENGTH = 8;

  /** Its dictionaries take a quarter of what the gateway has in use, for few requests. */
  private WeakReference<Zxcvbn> guesser = new WeakReference<>(null);

  /**
   * Throws a 400 when the password is refused.
   *
   * @param field how the caller calls it
   */
  void check(String field, String password, String name, String email) {
    if (password.codePointCount(0, password.length()) < MIN_LENGTH) {
      throw refused(field, "The password needs at least 8 characters");
    }
    String start = password.substring(0, Math.min(LOOKED_AT, password.length()));
    var own = List.of(name, email, AccountIntake.mailbox(email));
    if (guesser().measure(start, own).getScore() == 0) {
      throw refused(field, "The password is too easy to guess; choose another");
    }
  }

  /** Made when it is needed, by one request, and kept until the next full collection. */
  private synchronized Zxcvbn guesser() {
    Zxcvbn present = guesser.get();
    if (present == null) {
      present = new Zxcvbn();
      guesser = new WeakReference<>(present);
    }
    return present;
  }

  private static Problem refused(String field, String message) {
    return Problem.badRequest(message).withError(field, message);
  }
}
