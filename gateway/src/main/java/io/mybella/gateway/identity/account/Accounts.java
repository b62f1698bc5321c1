package io.mybella.gateway.identity.account;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The accounts of the platform and how people prove that one is theirs. */
@Service
public class Accounts {

  /** How old a sign-in may be that stands in for a password; short, as a page is left open. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final AccountRepository accounts;
  private final PasswordHashing hashing;
  private final PasswordRule rule;
  private final SignInThrottle throttle;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  Accounts(
      AccountRepository accounts,
      PasswordHashing hashing,
      PasswordRule rule,
      SignInThrottle throttle,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      Clock clock) {
    this.accounts = accounts;
    this.hashing = hashing;
    this.rule = rule;
    this.throttle = throttle;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Opens an account.
   *
   * @param address where the request comes from, for the limit of registrations
   * @throws Problem 400 for a weak password, 409 when the e-mail address is taken, 429
   */
  public AccountProfile register(String name, String email, String password, String address) {
    // First of all: judging a password is work.
    throttle.registration(address);
    rule.check("password", password, name, email);
    // Hashing is slow: no connection is held meanwhile.
    String hash = hashing.hash(password);
    try {
      return accounts.insert(name, email, hash, Role.USER, clock.instant()).profile();
    } catch (DataIntegrityViolationException taken) {
      throw Problem.conflict("There is already an account with this e-mail address");
    }
  }

  /**
   * Opens an account for someone who signs in elsewhere, in the transaction of the caller.
   *
   * @throws DataIntegrityViolationException when the e-mail address is taken
   */
  public AccountProfile openWithoutPassword(String name, String email) {
    return accounts.insert(name, email, null, Role.USER, clock.instant()).profile();
  }

  /**
   * Gives the active account with the id this role, and voids its sessions when it had another one.
   */
  public Optional<AccountProfile> assume(long id, Role role) {
    return transaction.execute(
        _ ->
            accounts
                .lockById(id)
                .filter(Account::active)
                .map(before -> before.role() == role ? before : accounts.changeRole(id, role))
                .map(Account::profile));
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
    @Nullable String hash = found.map(Account::passwordHash).orElse(null);
    boolean right =
        hash == null ? hashing.matchesNobody(password) : hashing.matches(password, hash);
    if (!right || hash == null) {
      throw Problem.unauthorized("The e-mail address or the password is wrong");
    }
    attempt.succeeded();
    Account account = found.orElseThrow();
    if (hashing.isOutdated(hash)) {
      accounts.rehash(account.id(), hash, hashing.hash(password));
    }
    return account.profile();
  }

  /** The active account with the id. */
  public Optional<AccountProfile> find(long id) {
    return accounts.findById(id).filter(Account::active).map(Account::profile);
  }

  /**
   * Gives the account another password, which voids all its sessions.
   *
   * @param current the password until now; not needed for an account that has none
   * @param signedInAt when the session of the caller began
   * @throws Problem 400 for a weak password, 403 when the current one is wrong, 409 when it was
   *     changed meanwhile, 429
   */
  public AccountProfile changePassword(
      long id, @Nullable String current, String replacement, Instant signedInAt) {
    Account account = existing(id);
    @Nullable String before = account.passwordHash();
    prove(account, "current_password", current, signedInAt, "change the password");
    rule.check("new_password", replacement, account.name(), account.email());
    // Hashing is slow: no connection is held meanwhile.
    String hash = hashing.hash(replacement);
    return transaction.execute(
        _ -> {
          Account locked = accounts.lockById(id).orElseThrow(Accounts::signedOut);
          if (!Objects.equals(locked.passwordHash(), before)) {
            throw Problem.conflict("The password was changed meanwhile");
          }
          return accounts.changePassword(id, hash).profile();
        });
  }

  /**
   * Deletes the account with its sessions and keys, and has every service erase what it holds of
   * the user.
   *
   * @param password not needed for an account that has none
   * @param signedInAt when the session of the caller began
   * @return names the erasure
   * @throws Problem 400 without a password, 403 when it is wrong, 429
   */
  public UUID delete(long id, @Nullable String password, Instant signedInAt) {
    prove(existing(id), "password", password, signedInAt, "delete the account");
    // Random throughout, unlike other ids: knowing it is all that entitles to ask.
    UUID erasureId = UUID.randomUUID();
    // As exact as it is stored: told again, the event is the same.
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    transaction.executeWithoutResult(
        _ -> {
          accounts.delete(accounts.lockById(id).orElseThrow(Accounts::signedOut).id());
          events.publishEvent(new AccountFact.Deleted(id, erasureId, at));
        });
    return erasureId;
  }

  /**
   * Has someone who is signed in prove once more that the account is theirs. One who signs in
   * elsewhere has no password here; for them a fresh sign-in is the proof.
   */
  private void prove(
      Account account,
      String field,
      @Nullable String password,
      Instant signedInAt,
      String purpose) {
    @Nullable String hash = account.passwordHash();
    if (hash == null) {
      if (signedInAt.plus(FRESH).isBefore(clock.instant())) {
        throw Problem.forbidden("Sign in again to " + purpose);
      }
      return;
    }
    if (password == null) {
      String message = "Your password is required to " + purpose;
      throw Problem.badRequest(message).withError(field, message);
    }
    var attempt = throttle.confirmation(account.id());
    if (!hashing.matches(password, hash)) {
      throw Problem.forbidden("The password is wrong").withError(field, "The password is wrong");
    }
    attempt.succeeded();
  }

  private Account existing(long id) {
    return accounts.findById(id).filter(Account::active).orElseThrow(Accounts::signedOut);
  }

  private static Problem signedOut() {
    return Problem.unauthorized("Sign in to continue");
  }
}
