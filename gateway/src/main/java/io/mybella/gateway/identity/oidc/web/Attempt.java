package io.mybella.gateway.identity.oidc.web;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;

/**
 * A sign-in between its start and the provider's answer: what the answer is checked against.
 *
 * @param state comes back with the answer
 * @param nonce comes back, hashed, in the identity token
 * @param verifier redeems the code (PKCE, RFC 7636)
 * @param redirectUri where the provider was told to send the browser
 * @param returnTo the page to show at the end
 * @param startedAt when it began
 */
record Attempt(
    String state,
    String nonce,
    String verifier,
    String redirectUri,
    String returnTo,
    Instant startedAt) {

  private static final int LINES = 6;

  static Attempt of(OAuth2AuthorizationRequest request, String returnTo, Instant now) {
    return new Attempt(
        Objects.requireNonNull(request.getState()),
        attribute(request, OidcParameterNames.NONCE),
        attribute(request, PkceParameterNames.CODE_VERIFIER),
        Objects.requireNonNull(request.getRedirectUri()),
        returnTo,
        now);
  }

  /** Reads what {@link #text()} wrote. */
  static Optional<Attempt> parse(String text) {
    List<String> lines = text.lines().toList();
    return lines.size() == LINES
        ? Optional.of(
            new Attempt(
                lines.get(0),
                lines.get(1),
                lines.get(2),
                lines.get(3),
                lines.get(4),
                Instant.ofEpochSecond(Long.parseLong(lines.get(5)))))
        : Optional.empty();
  }

  String text() {
    return String.join(
        "\n",
        state,
        nonce,
        verifier,
        redirectUri,
        returnTo,
        Long.toString(startedAt.getEpochSecond()));
  }

  /** The request as it went to the provider, as far as its answer is checked against it. */
  OAuth2AuthorizationRequest request(ClientRegistration registration) {
    return OAuth2AuthorizationRequest.authorizationCode()
        .clientId(registration.getClientId())
        .authorizationUri(
            Objects.requireNonNull(registration.getProviderDetails().getAuthorizationUri()))
        .redirectUri(redirectUri)
        .scopes(registration.getScopes())
        .state(state)
        .attributes(
            attributes -> {
              attributes.put(OidcParameterNames.NONCE, nonce);
              attributes.put(PkceParameterNames.CODE_VERIFIER, verifier);
            })
        .build();
  }

  private static String attribute(OAuth2AuthorizationRequest request, String name) {
    String value = request.getAttribute(name);
    return Objects.requireNonNull(value, name);
  }

  /** Keeps its secrets, wherever it may be printed. */
  @Override
  public String toString() {
    return "Attempt[…]";
  }
}
