package io.mybella.gateway.account;

import io.mybella.chassis.problem.Problem;
import java.time.Clock;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The accounts of the platform and how people prove that one is theirs. */
@Service
public class Accounts {

  private final AccountRepository accounts;
  private final PasswordHashing hashing;
  private final PasswordRule rule;
  private final SignInThrottle throttle;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Accounts(
      AccountRepository accounts,
      PasswordHashing hashing,
      PasswordRule rule,
      SignInThrottle throttle,
      TransactionTemplate transaction,
      Clock clock) {
    this.accounts = accounts;
    this.hashing = hashing;
    this.rule = rule;
    this.throttle = throttle;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Opens an account.
   *
   * @param address where the request comes from, for the limit of registrations
   * @throws Problem 400 for a weak password, 409 when the e-mail address is taken, 429
   */
  public AccountProfile register(String name, String email, String password, String address) {
    rule.check(password, name, email);
    throttle.registration(address);
    // Hashing is slow: no connection is held meanwhile.
    var account = new Account(name, email, hashing.hash(password), clock.instant());
    try {
      return accounts.saveAndFlush(account).profile();
    } catch (DataIntegrityViolationException taken) {
      throw Problem.conflict("There is already an account with this e-mail address");
    }
  }

  /**
   * Recognises someone by e-mail address and password. Known and unknown addresses take the same
   * time and get the same answer.
   *
   * @param address where the request comes from, for the limit of attempts
   * @throws Problem 401 when they do not belong together, 429 after too many attempts
   */
  public AccountProfile signIn(String email, String password, String address) {
    var attempt = throttle.signIn(email, address);
    Optional<Account> found =
        accounts.findByEmail(Account.normalized(email)).filter(Account::active);
    boolean right =
        found
            .map(account -> hashing.matches(password, account.passwordHash()))
            .orElseGet(() -> hashing.matchesNobody(password));
    if (!right) {
      throw Problem.unauthorized("The e-mail address or the password is wrong");
    }
    attempt.succeeded();
    Account account = found.orElseThrow();
    if (hashing.isOutdated(account.passwordHash())) {
      replaceHash(account.profile().id(), account.passwordHash(), hashing.hash(password));
    }
    return account.profile();
  }

  /** The active account with the id. */
  public Optional<AccountProfile> find(long id) {
    return accounts.findById(id).filter(Account::active).map(Account::profile);
  }

  /** A password changed meanwhile is left alone. */
  private void replaceHash(long id, String before, String after) {
    transaction.executeWithoutResult(
        _ ->
            accounts
                .findById(id)
                .filter(account -> account.passwordHash().equals(before))
                .ifPresent(account -> account.changePasswordHash(after)));
  }
}
