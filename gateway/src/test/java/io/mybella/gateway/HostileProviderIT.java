package io.mybella.gateway;

import static io.mybella.gateway.OidcSignInIT.assertRefused;
import static io.mybella.gateway.OidcSignInIT.encoded;
import static io.mybella.gateway.OidcSignInIT.location;
import static io.mybella.gateway.OidcSignInIT.parameters;
import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;

/** What becomes of a sign-in when the provider lies, fails, or is not there. */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileProviderIT extends GatewayTest {

  private static final String START = "/api/auth/oidc";
  private static final HostileProvider HOSTILE = new HostileProvider();

  private AnotherGateway gateway;

  /** While the provider says nothing: nobody asks it before somebody signs in. */
  @BeforeAll
  void start(@Autowired Environment first) {
    HOSTILE.answer(HostileProvider.METADATA, HOSTILE.silence());
    Map<String, String> settings = new HashMap<>();
    settings.put("mybella.oidc.issuer", HOSTILE.issuer());
    settings.put("mybella.oidc.client-id", HostileProvider.CLIENT);
    settings.put("mybella.oidc.client-secret", HostileProvider.SECRET);
    settings.put("mybella.oidc.redirect-uri", "https://my.example.org/api/auth/oidc/callback");
    settings.put("mybella.oidc.timeout", "1s");
    gateway = AnotherGateway.replicaOf(first, settings);
    var operator = new Browser(gateway.managementPort());
    assertThat(operator.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertRefused(visitor().get(START), "provider");
    HOSTILE.reset();
  }

  @AfterEach
  void answerHonestly() {
    HOSTILE.reset();
  }

  @AfterAll
  void end() {
    gateway.close();
    HOSTILE.close();
  }

  private record SignIn(Browser browser, String state, String nonce) {

    HttpResponse<String> answer() {
      return browser.get(START + "/callback?code=secret-code&state=" + encoded(state));
    }
  }

  @Test
  void anHonestAnswerSignsIn() {
    SignIn signIn = begun();
    String person = person();
    HOSTILE.identity(HOSTILE.signed(HOSTILE.honest(person, signIn.nonce())));

    assertThat(location(signIn.answer())).isEqualTo("/users/personas");

    var me = Browser.json(signIn.browser().get("/api/auth/me"));
    assertThat(me.get("email").asString()).isEqualTo(person + "@hostile.example");
    assertThat(me.get("role").asString()).isEqualTo("user");
  }

  @Test
  void theRedirectUriOfTheSettingsIsUsed() {
    assertThat(parameters(URI.create(location(visitor().get(START)))))
        .containsEntry("redirect_uri", "https://my.example.org/api/auth/oidc/callback");
  }

  static Stream<Arguments> lies() {
    Instant now = Instant.now();
    return Stream.of(
        lie("of another issuer", claims -> HOSTILE.signed(claims.issuer("https://evil.example"))),
        lie("of no issuer", claims -> HOSTILE.signed(claims.issuer(null))),
        lie("for somebody else", claims -> HOSTILE.signed(claims.audience("another-client"))),
        lie("for nobody", claims -> HOSTILE.signed(claims.audience(List.of()))),
        lie(
            "for several, without saying who asked",
            claims -> HOSTILE.signed(claims.audience(List.of(HostileProvider.CLIENT, "another")))),
        lie("asked for by another", claims -> HOSTILE.signed(claims.claim("azp", "another"))),
        lie(
            "expired",
            claims ->
                HOSTILE.signed(
                    claims
                        .issueTime(Date.from(now.minus(Duration.ofHours(2))))
                        .expirationTime(Date.from(now.minus(Duration.ofHours(1)))))),
        lie("without an end", claims -> HOSTILE.signed(claims.expirationTime(null))),
        lie(
            "from the future",
            claims -> HOSTILE.signed(claims.issueTime(Date.from(now.plus(Duration.ofHours(1)))))),
        lie("about nobody", claims -> HOSTILE.signed(claims.subject(null))),
        lie("about what is no subject", claims -> HOSTILE.signed(claims.subject("a\nb"))),
        lie("about too much", claims -> HOSTILE.signed(claims.subject("a".repeat(256)))),
        lie("without a nonce", claims -> HOSTILE.signed(claims.claim("nonce", null))),
        lie("with another nonce", claims -> HOSTILE.signed(claims.claim("nonce", "another"))),
        lie("with a bad signature", claims -> HOSTILE.signed(claims, HostileProvider.newKey())),
        lie("without a signature", claims -> new PlainJWT(claims.build()).serialize()),
        lie("sealed with the client secret", HostileProviderIT::sealed),
        lie("that is none", _ -> "not a token"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void aTokenSignsNobodyIn(
      String kind, Function<JWTClaimsSet.Builder, String> lie, CapturedOutput output) {
    SignIn signIn = begun();
    String person = person();
    String token = lie.apply(HOSTILE.honest(person, signIn.nonce()));
    HOSTILE.identity(token);

    assertRefused(signIn.answer(), "untrusted");

    assertProblem(signIn.browser().get("/api/auth/me"), 401);
    assertThat(accounts(person)).as(kind).isZero();
    assertThat(output.getAll())
        .doesNotContain(token, "secret-code", HostileProvider.SECRET, person);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("does not answer", HostileProvider.TOKEN, HOSTILE.silence(), "provider"),
        Arguments.of("does not end", HostileProvider.TOKEN, HOSTILE.dawdling(), "provider"),
        Arguments.of("says too much", HostileProvider.TOKEN, HostileProvider.flood(), "provider"),
        Arguments.of(
            "hangs up",
            HostileProvider.TOKEN,
            (HostileProvider.Answer) exchange -> exchange.close(),
            "provider"),
        Arguments.of(
            "fails",
            HostileProvider.TOKEN,
            HostileProvider.text(500, "text/html", "<h1>Oops</h1>"),
            "provider"),
        Arguments.of(
            "knows no such code",
            HostileProvider.TOKEN,
            HostileProvider.text(400, "application/json", "{\"error\":\"invalid_grant\"}"),
            "stale"),
        Arguments.of(
            "knows no such client",
            HostileProvider.TOKEN,
            HostileProvider.text(401, "application/json", "{\"error\":\"invalid_client\"}"),
            "provider"),
        Arguments.of(
            "answers no JSON", HostileProvider.TOKEN, HostileProvider.json("}{"), "provider"),
        Arguments.of(
            "answers nothing", HostileProvider.TOKEN, HostileProvider.json("{}"), "provider"),
        Arguments.of(
            "identifies nobody",
            HostileProvider.TOKEN,
            HostileProvider.json("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"),
            "untrusted"),
        Arguments.of(
            "identifies somebody by a number",
            HostileProvider.TOKEN,
            HostileProvider.json(
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":{\"a\":1}}"),
            "provider"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void aFailureLeadsToTheSignInPage(
      String kind,
      String path,
      HostileProvider.Answer failure,
      String problem,
      CapturedOutput output) {
    SignIn signIn = begun();
    HOSTILE.answer(path, failure);

    assertRefused(signIn.answer(), problem);

    assertThat(signIn.browser().cookies()).as(kind).doesNotContainKeys("MYBELLA_OIDC");
    assertThat(output.getAll()).doesNotContain("secret-code", HostileProvider.SECRET);
  }

  @Test
  void keysThatCannotBeReadAreAskedForAgain(@Autowired Environment first) {
    Map<String, String> settings =
        Map.of(
            "mybella.oidc.issuer",
            HOSTILE.issuer(),
            "mybella.oidc.client-id",
            HostileProvider.CLIENT,
            "mybella.oidc.client-secret",
            HostileProvider.SECRET,
            "mybella.oidc.timeout",
            "1s");
    try (AnotherGateway fresh = AnotherGateway.replicaOf(first, settings)) {
      for (HostileProvider.Answer failure :
          List.of(
              HOSTILE.silence(),
              HostileProvider.json("}{"),
              HostileProvider.text(503, "text/plain", "later"))) {
        SignIn signIn = begun(new Browser(fresh.port()));
        HOSTILE.identity(HOSTILE.signed(HOSTILE.honest(person(), signIn.nonce())));
        HOSTILE.answer(HostileProvider.KEYS, failure);
        assertThat(location(signIn.answer())).startsWith("/login?problem=");
        HOSTILE.reset();
      }
      SignIn signIn = begun(new Browser(fresh.port()));
      HOSTILE.identity(HOSTILE.signed(HOSTILE.honest(person(), signIn.nonce())));
      assertThat(location(signIn.answer())).isEqualTo("/users/personas");
    }
  }

  private static Arguments lie(String kind, Function<JWTClaimsSet.Builder, String> lie) {
    return Arguments.of(kind, lie);
  }

  /** Symmetric signatures are not taken: what the client keeps secret is no key of the provider. */
  private static String sealed(JWTClaimsSet.Builder claims) {
    try {
      var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
      token.sign(new MACSigner(HostileProvider.SECRET));
      return token.serialize();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private Browser visitor() {
    return new Browser(gateway.port());
  }

  private SignIn begun() {
    return begun(visitor());
  }

  private static SignIn begun(Browser browser) {
    Map<String, String> asked = parameters(URI.create(location(browser.get(START))));
    return new SignIn(browser, asked.get("state"), asked.get("nonce"));
  }

  private static String person() {
    return "hostile-" + name().toLowerCase(java.util.Locale.ROOT);
  }

  private long accounts(String person) {
    return database
        .sql("select count(*) from account where email = :email")
        .param("email", person + "@hostile.example")
        .query(Long.class)
        .single();
  }
}
