package io.mybella.gateway.identity.oidc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.gateway.identity.account.AccountProfile;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Service;

/** Signs people in whom the provider knows. */
@Service
@Conditional(OnProvider.class)
public class OidcSignIn {

  private static final Logger log = LoggerFactory.getLogger(OidcSignIn.class);

  private final Provider provider;
  private final ExternalIdentities identities;
  private final OidcProperties properties;
  private final MeterRegistry meters;

  OidcSignIn(
      Provider provider,
      ExternalIdentities identities,
      OidcProperties properties,
      MeterRegistry meters) {
    this.provider = provider;
    this.identities = identities;
    this.properties = properties;
    this.meters = meters;
    // So that a rate can be taken from the first one on.
    counter("signed-in");
    for (Reason reason : Reason.values()) {
      counter(reason.code());
    }
  }

  /**
   * Where to send people, and as whom.
   *
   * @throws SignInRefusedException when the provider does not tell
   */
  public ClientRegistration registration() {
    return counted(provider::registration);
  }

  /**
   * Recognises somebody by the provider's answer, and opens an account at their first sign-in. No
   * database connection is held while the provider is asked.
   *
   * @throws SignInRefusedException when the answer or the provider cannot be relied on, or there is
   *     no account for this person
   */
  public AccountProfile finish(OAuth2AuthorizationExchange answer) {
    AccountProfile account =
        counted(
            () -> {
              OidcUser user = provider.identify(answer);
              return identities.accountOf(
                  new ExternalPerson(properties.issuer(), subject(user), user.getClaims()));
            });
    counter("signed-in").increment();
    return account;
  }

  /** The answer belongs to no sign-in that is under way in this browser. */
  public SignInRefusedException stale() {
    return refused(Reason.STALE);
  }

  /**
   * The provider's answer is an error.
   *
   * @param error as the provider calls it (RFC 6749, section 4.1.2.1)
   */
  public SignInRefusedException declined(@Nullable String error) {
    if (OAuth2ErrorCodes.ACCESS_DENIED.equals(error)) {
      return refused(Reason.DECLINED);
    }
    log.warn("The OpenID Connect provider refuses a sign-in: {}", Provider.printable(error));
    return refused(Reason.PROVIDER);
  }

  private SignInRefusedException refused(Reason reason) {
    counter(reason.code()).increment();
    return new SignInRefusedException(reason);
  }

  private static String subject(OidcUser user) {
    String subject = user.getSubject();
    if (subject == null) {
      throw new SignInRefusedException(Reason.UNTRUSTED);
    }
    return subject;
  }

  private <T> T counted(Supplier<T> step) {
    try {
      return step.get();
    } catch (SignInRefusedException refused) {
      counter(refused.reason().code()).increment();
      throw refused;
    }
  }

  private Counter counter(String outcome) {
    return Counter.builder("mybella.gateway.oidc.sign.ins")
        .description("Sign-ins with the OpenID Connect provider, by what became of them")
        .tag("outcome", outcome)
        .register(meters);
  }
}
