package io.mybella.gateway.identity.oidc;

import io.mybella.gateway.identity.account.AccountProfile;
import io.mybella.gateway.identity.account.Accounts;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which account belongs to whom at the provider. Only issuer and subject decide; whoever has an
 * account's e-mail address at a provider does not thereby have the account.
 */
@Component
@Conditional(OnProvider.class)
class ExternalIdentities {

  private static final Logger log = LoggerFactory.getLogger(ExternalIdentities.class);

  private final Accounts accounts;
  private final OidcProperties properties;
  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ExternalIdentities(
      Accounts accounts,
      OidcProperties properties,
      JdbcClient database,
      TransactionTemplate transaction,
      Clock clock) {
    this.accounts = accounts;
    this.properties = properties;
    this.database = database;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * The account of the person; a new one when they sign in for the first time. Their role follows
   * the claim, where one is configured, at every sign-in.
   *
   * @throws SignInRefusedException when there is none and none can be made, or it is inactive
   */
  AccountProfile accountOf(ExternalPerson person) {
    return known(person).orElseGet(() -> open(person));
  }

  private Optional<AccountProfile> known(ExternalPerson person) {
    return transaction.execute(_ -> find(person).map(id -> current(id, person)));
  }

  private AccountProfile current(long id, ExternalPerson person) {
    Optional<AccountProfile> account =
        properties.adminClaim().isBlank()
            ? accounts.find(id)
            : accounts.assume(id, person.role(properties.adminClaim(), properties.adminValue()));
    return account.orElseThrow(() -> new SignInRefusedException(Reason.INACTIVE));
  }

  private AccountProfile open(ExternalPerson person) {
    String email = person.email();
    String name = person.name();
    try {
      AccountProfile opened =
          transaction.execute(
              _ -> {
                long id = accounts.openWithoutPassword(name, email).id();
                link(person, id);
                return current(id, person);
              });
      log.info("Account {} was opened by a sign-in with the provider", opened.id());
      return opened;
    } catch (DataIntegrityViolationException taken) {
      // Either somebody has the address, or the same person came in twice at once.
      return known(person).orElseThrow(() -> new SignInRefusedException(Reason.EMAIL_TAKEN));
    }
  }

  private Optional<Long> find(ExternalPerson person) {
    return database
        .sql("select account_id from external_identity where issuer = :issuer and subject = :who")
        .param("issuer", person.issuer())
        .param("who", person.subject())
        .query(Long.class)
        .optional();
  }

  private void link(ExternalPerson person, long accountId) {
    database
        .sql(
            """
            insert into external_identity (issuer, subject, account_id, created_at)
            values (:issuer, :who, :account, :now)
            """)
        .param("issuer", person.issuer())
        .param("who", person.subject())
        .param("account", accountId)
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }
}
