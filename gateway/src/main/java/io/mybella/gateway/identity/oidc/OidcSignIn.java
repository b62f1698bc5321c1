package io.mybella.gateway.identity.oidc;

import io.mybella.gateway.identity.account.AccountProfile;
import io.mybella.gateway.identity.account.Accounts;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Signs people in whom the provider knows. Only issuer and subject decide which account is whose;
 * whoever has an account's e-mail address at a provider does not thereby have the account.
 */
@Service
@Conditional(OnProvider.class)
public class OidcSignIn {

  private static final Logger log = LoggerFactory.getLogger(OidcSignIn.class);

  private final Provider provider;
  private final Accounts accounts;
  private final OidcProperties properties;
  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Clock clock;

  OidcSignIn(
      Provider provider,
      Accounts accounts,
      OidcProperties properties,
      JdbcClient database,
      TransactionTemplate transaction,
      Clock clock) {
    this.provider = provider;
    this.accounts = accounts;
    this.properties = properties;
    this.database = database;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Recognises somebody by the provider's answer, and opens an account at their first sign-in.
   * Their role follows the claim, where one is configured, at every sign-in. No database connection
   * is held while the provider is asked.
   *
   * @param question as it went to the provider
   * @param code that the provider answered
   * @throws SignInRefusedException when the answer or the provider cannot be relied on, or there is
   *     no account for this person and none can be made, or it is inactive
   */
  public AccountProfile finish(OAuth2AuthorizationRequest question, String code) {
    ExternalPerson person = provider.identify(question, code);
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
        .sql("select account_id from external_identity where issuer = ? and subject = ?")
        .params(person.issuer(), person.subject())
        .query(Long.class)
        .optional();
  }

  private void link(ExternalPerson person, long accountId) {
    database
        .sql(
            """
            insert into external_identity (issuer, subject, account_id, created_at)
            values (?, ?, ?, ?)
            """)
        .params(person.issuer(), person.subject(), accountId, Timestamp.from(clock.instant()))
        .update();
  }
}
