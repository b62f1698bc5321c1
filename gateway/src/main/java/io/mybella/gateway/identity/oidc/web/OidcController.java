package io.mybella.gateway.identity.oidc.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.gateway.identity.account.AccountProfile;
import io.mybella.gateway.identity.credential.web.SignedIn;
import io.mybella.gateway.identity.oidc.OidcSignIn;
import io.mybella.gateway.identity.oidc.OnProvider;
import io.mybella.gateway.identity.oidc.Provider;
import io.mybella.gateway.identity.oidc.SignInRefusedException;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import io.mybella.gateway.identity.oidc.web.AttemptCookie.Attempt;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
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

  private static final String OUTCOME = "outcome";
  private static final String SIGNED_IN = "signed-in";

  private final OAuth2AuthorizationRequestResolver questions;
  private final OidcSignIn signIn;
  private final AttemptCookie cookies;
  private final SignedIn signedIn;
  private final MeterProvider<Counter> outcomes;

  OidcController(
      Provider provider,
      OidcSignIn signIn,
      AttemptCookie cookies,
      SignedIn signedIn,
      MeterRegistry meters) {
    this.questions = new DefaultOAuth2AuthorizationRequestResolver(_ -> provider.registration());
    this.signIn = signIn;
    this.cookies = cookies;
    this.signedIn = signedIn;
    this.outcomes =
        Counter.builder("mybella.gateway.oidc.sign.ins")
            .description("Sign-ins with the OpenID Connect provider, by what became of them")
            .withRegistry(meters);
    // So that a rate can be taken from the first one on.
    outcomes.withTag(OUTCOME, SIGNED_IN);
    for (Reason reason : Reason.values()) {
      outcomes.withTag(OUTCOME, reason.code());
    }
  }

  @GetMapping
  ResponseEntity<Void> start(
      @RequestParam(name = "return_to", required = false) @Nullable String returnTo,
      HttpServletRequest request,
      HttpServletResponse response) {
    OAuth2AuthorizationRequest question =
        Objects.requireNonNull(questions.resolve(request, Provider.REGISTRATION));
    ResponseCookie attempt = cookies.holding(question, ReturnPath.of(returnTo), request);
    return to(question.getAuthorizationRequestUri(), attempt, response);
  }

  @GetMapping("/callback")
  ResponseEntity<Void> callback(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String code,
      @RequestParam(required = false) @Nullable String error,
      HttpServletRequest request,
      HttpServletResponse response) {
    Attempt attempt =
        cookies
            .read(request)
            .filter(own -> Objects.equals(own.question().getState(), state))
            .orElseThrow(() -> new SignInRefusedException(Reason.STALE));
    if (code == null || code.isEmpty()) {
      throw Provider.refusal(error);
    }
    AccountProfile account = signIn.finish(attempt.question(), code);
    outcomes.withTag(OUTCOME, SIGNED_IN).increment();
    signedIn.begin(request, response, account.id(), account.version());
    return to(attempt.returnTo(), cookies.removed(request), response);
  }

  @ExceptionHandler
  ResponseEntity<Void> explain(
      SignInRefusedException refused, HttpServletRequest request, HttpServletResponse response) {
    String problem = refused.reason().code();
    outcomes.withTag(OUTCOME, problem).increment();
    return to("/login?problem=" + problem, cookies.removed(request), response);
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
