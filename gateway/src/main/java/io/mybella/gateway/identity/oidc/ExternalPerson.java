package io.mybella.gateway.identity.oidc;

import io.mybella.chassis.security.Caller.Role;
import io.mybella.gateway.identity.account.AccountIntake;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of somebody.
 *
 * @param issuer the provider
 * @param subject who it is there, for good
 * @param claims all that it says
 */
record ExternalPerson(String issuer, String subject, Map<String, Object> claims) {

  /** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
  private static final Pattern SUBJECT = Pattern.compile("[\\x20-\\x7e]{1,255}");

  ExternalPerson {
    if (!SUBJECT.matcher(subject).matches()) {
      throw new SignInRefusedException(Reason.UNTRUSTED);
    }
    // A claim may be null, which Map.copyOf refuses.
    claims = Collections.unmodifiableMap(new HashMap<>(claims));
  }

  /**
   * The address to open an account with. One that the provider itself calls unverified is not
   * taken; many providers say nothing about it, and no more is known of one that is registered
   * here.
   *
   * @throws SignInRefusedException without such an address
   */
  String email() {
    String email =
        text("email")
            .filter(AccountIntake::isAddress)
            .orElseThrow(() -> new SignInRefusedException(Reason.EMAIL_MISSING));
    // Some providers send it as text.
    if ("false".equalsIgnoreCase(String.valueOf(claims.get("email_verified")))) {
      throw new SignInRefusedException(Reason.EMAIL_UNVERIFIED);
    }
    return email;
  }

  /** What to call the person; their mailbox when the provider tells no name. */
  String name() {
    return Stream.of("name", "preferred_username", "given_name")
        .flatMap(claim -> text(claim).stream())
        .map(AccountIntake::mended)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElseGet(() -> AccountIntake.mended(AccountIntake.mailbox(email())));
  }

  /** What the claim makes of the person: an administrator or not. */
  Role role(String claim, String administrator) {
    Object said = claims.containsKey(claim) ? claims.get(claim) : within(claims, claim);
    boolean admin =
        said instanceof Collection<?> all
            ? all.stream().anyMatch(each -> administrator.equals(String.valueOf(each)))
            : said != null && administrator.equals(said.toString());
    return admin ? Role.ADMIN : Role.USER;
  }

  /** Follows the dots, as in {@code realm_access.roles}. */
  private static @Nullable Object within(Map<?, ?> claims, String path) {
    Object found = claims;
    for (String name : path.split("\\.", -1)) {
      if (!(found instanceof Map<?, ?> object)) {
        return null;
      }
      found = object.get(name);
    }
    return found;
  }

  private Optional<String> text(String claim) {
    return claims.get(claim) instanceof String text ? Optional.of(text.strip()) : Optional.empty();
  }

  /** Says nothing of the person, wherever it may be printed. */
  @Override
  public String toString() {
    return "ExternalPerson[…]";
  }
}
