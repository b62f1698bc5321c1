package io.mybella.gateway.identity.oidc.web;

import io.mybella.gateway.identity.account.AccountProfile;
import io.mybella.gateway.identity.credential.web.SignedIn;
import io.mybella.gateway.identity.oidc.OidcSignIn;
import io.mybella.gateway.identity.oidc.OnProvider;
import io.mybella.gateway.identity.oidc.SignInRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /api/auth/oidc}: to the provider and back. Both are pages that a browser goes to, so
 * whatever fails leads to the sign-in page, which says why.
 */
@RestController
@Conditional(OnProvider.class)
@RequestMapping("/api/auth/oidc")
class OidcController {

  private final OidcSignIn signIn;
  private final AttemptCookie cookies;
  private final SignedIn signedIn;
  private final Clock clock;

  OidcController(OidcSignIn signIn, AttemptCookie cookies, SignedIn signedIn, Clock clock) {
    this.signIn = signIn;
    this.cookies = cookies;
    this.signedIn = signedIn;
    this.clock = clock;
  }

  @GetMapping
  ResponseEntity<Void> start(
      @RequestParam(name = "return_to", required = false) @Nullable String returnTo,
      HttpServletRequest request,
      HttpServletResponse response) {
    OAuth2AuthorizationRequest question = question(signIn.registration(), request);
    Attempt attempt = Attempt.of(question, ReturnPath.of(returnTo), clock.instant());
    return to(question.getAuthorizationRequestUri(), cookies.holding(attempt, request), response);
  }

  @GetMapping("/callback")
  ResponseEntity<Void> callback(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String code,
      @RequestParam(required = false) @Nullable String error,
      HttpServletRequest request,
      HttpServletResponse response) {
    Attempt attempt =
        cookies.read(request).filter(own -> own.state().equals(state)).orElseThrow(signIn::stale);
    if (code == null || code.isEmpty()) {
      throw signIn.declined(error);
    }
    AccountProfile account = signIn.finish(exchange(attempt, code));
    signedIn.begin(request, response, account.id(), account.version());
    return to(attempt.returnTo(), cookies.removed(request), response);
  }

  @ExceptionHandler
  ResponseEntity<Void> explain(
      SignInRefusedException refused, HttpServletRequest request, HttpServletResponse response) {
    return to("/login?problem=" + refused.reason().code(), cookies.removed(request), response);
  }

  private OAuth2AuthorizationExchange exchange(Attempt attempt, String code) {
    return new OAuth2AuthorizationExchange(
        attempt.request(signIn.registration()),
        OAuth2AuthorizationResponse.success(code)
            .redirectUri(attempt.redirectUri())
            .state(attempt.state())
            .build());
  }

  /** With state, nonce and proof key of its own. */
  private static OAuth2AuthorizationRequest question(
      ClientRegistration registration, HttpServletRequest request) {
    var resolver = new DefaultOAuth2AuthorizationRequestResolver(_ -> registration);
    return Objects.requireNonNull(resolver.resolve(request, registration.getRegistrationId()));
  }

  private static ResponseEntity<Void> to(
      String address, ResponseCookie cookie, HttpServletResponse response) {
    // Beside other cookies: a header of the entity would take their place.
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    return ResponseEntity.status(HttpStatus.FOUND)
        .location(URI.create(address))
        .cacheControl(CacheControl.noStore())
        .build();
  }
}
