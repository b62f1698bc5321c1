package io.mybella.gateway.identity.account;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller.Role;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * Makes the administrator that the settings ask for, before the first request. Whoever has the
 * address already keeps what they have: a setting must not turn a stranger into an administrator.
 */
@Component
class FirstAdmin implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(FirstAdmin.class);

  /** Longer ones are refused by the sign-in. */
  private static final int PASSWORD_LENGTH = 256;

  private final AdminProperties properties;
  private final LocalAccountProperties local;
  private final AccountRepository accounts;
  private final PasswordRule rule;
  private final PasswordHashing hashing;
  private final Clock clock;

  FirstAdmin(
      AdminProperties properties,
      LocalAccountProperties local,
      AccountRepository accounts,
      PasswordRule rule,
      PasswordHashing hashing,
      Clock clock) {
    this.properties = properties;
    this.local = local;
    this.accounts = accounts;
    this.rule = rule;
    this.hashing = hashing;
    this.clock = clock;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (properties.email().isBlank()) {
      return;
    }
    if (!local.enabled()) {
      // It could not sign in, and would keep the address from who can.
      log.warn("Made no administrator: local accounts are off");
      return;
    }
    if (!AccountIntake.isAddress(properties.email().strip())) {
      throw new IllegalStateException(
          "mybella.gateway.account.admin.email is not an e-mail address");
    }
    accounts
        .findByEmail(Account.normalized(properties.email()))
        .ifPresentOrElse(FirstAdmin::leave, this::create);
  }

  private static void leave(Account present) {
    if (present.role() != Role.ADMIN) {
      log.warn(
          "The account with the address of mybella.gateway.account.admin.email is no"
              + " administrator, and stays as it is");
    }
  }

  private void create() {
    if (properties.password().length() > PASSWORD_LENGTH) {
      throw new IllegalStateException(
          "mybella.gateway.account.admin.password has more than 256 characters");
    }
    try {
      rule.check("password", properties.password(), properties.name(), properties.email());
    } catch (Problem weak) {
      throw new IllegalStateException(
          "mybella.gateway.account.admin.password is refused: " + weak.detail());
    }
    String hash = hashing.hash(properties.password());
    try {
      Account admin =
          accounts.insert(properties.name(), properties.email(), hash, Role.ADMIN, clock.instant());
      log.info("Made the administrator: account {}", admin.id());
    } catch (DataIntegrityViolationException taken) {
      if (accounts.findByEmail(Account.normalized(properties.email())).isEmpty()) {
        throw taken;
      }
      log.info("Another replica made the administrator");
    }
  }
}
