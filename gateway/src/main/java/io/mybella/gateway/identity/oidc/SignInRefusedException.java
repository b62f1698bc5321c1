package io.mybella.gateway.identity.oidc;

import java.util.Locale;

/** Says that nobody is signed in, and why. Expected: it carries no stack trace. */
public final class SignInRefusedException extends RuntimeException {

  private final Reason reason;

  /** Why nobody is signed in. */
  public enum Reason {
    /** The provider did not answer, or not as it should. */
    PROVIDER,
    /** Too many sign-ins wait for the provider. */
    BUSY,
    /** The person, or the provider on their behalf, said no. */
    DECLINED,
    /** The answer belongs to no sign-in of this browser, or came too late or twice. */
    STALE,
    /** The provider's word cannot be trusted: wrong signature, issuer, audience, time, nonce. */
    UNTRUSTED,
    /** The provider tells no e-mail address. */
    EMAIL_MISSING,
    /** The provider says that the e-mail address is not verified. */
    EMAIL_UNVERIFIED,
    /** The e-mail address belongs to another account. */
    EMAIL_TAKEN,
    /** The account was made inactive. */
    INACTIVE;

    /** As it stands in addresses and metrics, such as {@code email-taken}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Nobody is signed in, for this reason. */
  public SignInRefusedException(Reason reason) {
    super(reason.code(), null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
