package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@PlatformTest(database = "probe")
class SecurityIT {

  private static final int FLOOD = 200;

  private final RestTestClient http;

  private final RestTestClient management;

  private final Environment environment;

  @Autowired
  SecurityIT(
      @LocalServerPort int port, @LocalManagementPort int managementPort, Environment environment) {
    this.environment = environment;
    this.http = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
    this.management =
        RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + managementPort).build();
  }

  @Test
  void theCallerComesFromTheToken() {
    http.get()
        .uri("/who")
        .header("Authorization", TestTokens.bearer(7))
        .header("X-User-Id", "8")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json("{\"userId\": 7, \"admin\": false}");
    http.get()
        .uri("/who")
        .header("Authorization", TestTokens.admin(9))
        .exchange()
        .expectBody()
        .json("{\"userId\": 9, \"admin\": true}");
  }

  @Test
  void withoutATokenTheAnswerIs401AsProblemDetails() {
    http.get()
        .uri("/who")
        .exchange()
        .expectStatus()
        .isUnauthorized()
        .expectHeader()
        .contentType("application/problem+json")
        .expectHeader()
        .valueEquals("WWW-Authenticate", "Bearer")
        .expectBody()
        .jsonPath("$.error")
        .isEqualTo("Sign in to continue")
        .jsonPath("$.request_id")
        .exists();
  }

  @Test
  void healthAndMetricsNeedNoTokenAndAreOnAPortOfTheirOwn() {
    for (String path :
        List.of(
            "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus")) {
      management.get().uri(path).exchange().expectStatus().isOk();
      http.get().uri(path).exchange().expectStatus().isUnauthorized();
      http.get()
          .uri(path)
          .header("Authorization", TestTokens.bearer(7))
          .exchange()
          .expectStatus()
          .isNotFound();
    }
    management.get().uri("/actuator/env").exchange().expectStatus().isUnauthorized();
    management.get().uri("/who").exchange().expectStatus().isUnauthorized();
  }

  @Test
  void whileTheGatewaysKeysCannotBeHadTheAnswerIs503() {
    try (var elsewhere = serviceThatAsks("http://127.0.0.1:1/jwks.json")) {
      client(elsewhere)
          .get()
          .uri("/who")
          .header("Authorization", TestTokens.bearer(7))
          .exchange()
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .exists("Retry-After")
          .expectBody()
          .jsonPath("$.error")
          .exists();
      // Nor has it been told the operator's token.
      asOperator(client(elsewhere), "Bearer " + TestTokens.OPERATOR)
          .exchange()
          .expectStatus()
          .isNotFound();
      asOperator(client(elsewhere), "Bearer ").exchange().expectStatus().isNotFound();
    }
  }

  @Test
  void whatIsTheOperatorsNeedsTheOperatorsTokenAndNoOther() {
    asOperator(http, "Bearer " + TestTokens.OPERATOR).exchange().expectStatus().isOk();
    for (String other :
        List.of(
            "Bearer ",
            "Bearer " + TestTokens.OPERATOR + "x",
            "Bearer " + TestTokens.OPERATOR.substring(1),
            "Basic " + TestTokens.OPERATOR,
            TestTokens.OPERATOR,
            TestTokens.admin(7))) {
      asOperator(http, other)
          .exchange()
          .expectStatus()
          .isUnauthorized()
          .expectHeader()
          .contentType("application/problem+json")
          .expectHeader()
          .valueEquals("WWW-Authenticate", "Bearer");
    }
    http.get()
        .uri("/who")
        .header("Authorization", "Bearer " + TestTokens.OPERATOR)
        .exchange()
        .expectStatus()
        .isUnauthorized();
  }

  @Test
  void whatIsTheOperatorsIsNotThereByWayOfAProxy() {
    for (String header :
        List.of("Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Prefix")) {
      asOperator(http, "Bearer " + TestTokens.OPERATOR)
          .header(header, "for=192.0.2.1")
          .exchange()
          .expectStatus()
          .isNotFound()
          .expectHeader()
          .contentType("application/problem+json");
    }
  }

  @Test
  void whatTheOperatorSendsIsJudgedAsAnybodys() {
    http.post()
        .uri("/internal/notes")
        .header("Authorization", "Bearer " + TestTokens.OPERATOR)
        .contentType(MediaType.APPLICATION_JSON)
        .body("{}")
        .exchange()
        .expectStatus()
        .isBadRequest();
    http.post()
        .uri("/internal/elsewhere")
        .header("Authorization", "Bearer " + TestTokens.OPERATOR)
        .exchange()
        .expectStatus()
        .isNotFound();
  }

  private static RestTestClient.RequestHeadersSpec<?> asOperator(
      RestTestClient service, String authorization) {
    return service
        .post()
        .uri("/internal/notes")
        .header("Authorization", authorization)
        .contentType(MediaType.APPLICATION_JSON)
        .body("{\"some_text\":\"x\"}");
  }

  @Test
  void aNewKeyOfTheGatewayIsGoodAtOnce() throws Exception {
    RSAKey first = newKey("first");
    RSAKey second = newKey("second");
    try (var gateway = new KeyPublisher(first);
        var service = serviceThatAsks(gateway.address())) {
      assertThat(status(service, token(first))).isEqualTo(200);

      gateway.publish(first, second);
      assertThat(status(service, token(second))).isEqualTo(200);
      assertThat(status(service, token(first))).isEqualTo(200);
      assertThat(gateway.asked()).isEqualTo(2);
      assertThat(status(service, token(newKey("third")))).as("never published").isEqualTo(401);
    }
  }

  @Test
  void aFloodOfMadeUpKeysReachesTheGatewayHardlyEverAndKeepsNobodyOut() throws Exception {
    RSAKey genuine = newKey("genuine");
    RSAKey stranger = newKey("stranger");
    try (var gateway = new KeyPublisher(genuine);
        var service = serviceThatAsks(gateway.address());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(status(service, token(genuine))).isEqualTo(200);
      Instant start = Instant.now();
      List<Future<Integer>> forged = new ArrayList<>();
      List<Future<Integer>> honest = new ArrayList<>();
      for (int i = 0; i < FLOOD; i++) {
        String made = token(renamed(stranger, "made-up-" + i));
        forged.add(threads.submit(() -> status(service, made)));
        if (i % 10 == 0) {
          String fresh = token(genuine);
          honest.add(threads.submit(() -> status(service, fresh)));
        }
      }
      for (Future<Integer> each : forged) {
        assertThat(each.get()).isEqualTo(401);
      }
      for (Future<Integer> each : honest) {
        assertThat(each.get()).isEqualTo(200);
      }
      // Those that come at the same time share an answer anyhow; these come one after the other.
      for (int i = 0; i < 20; i++) {
        assertThat(status(service, token(renamed(stranger, "another-" + i)))).isEqualTo(401);
      }
      long tens = Duration.between(start, Instant.now()).toSeconds() / 10;
      assertThat(gateway.asked()).isBetween(2, 2 + Math.toIntExact(tens));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void aTokenThatIsNotTheGatewaysIsRefused(String why, String authorization) {
    http.get()
        .uri("/who")
        .header("Authorization", authorization)
        .exchange()
        .expectStatus()
        .isUnauthorized()
        .expectHeader()
        .valueEquals("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    assertThat(why).isNotBlank();
  }

  static Stream<Arguments> badTokens() throws Exception {
    RSAKey stranger = new RSAKeyGenerator(2048).keyID("test").generate();
    return Stream.of(
        Arguments.of("no token at all", "Bearer x"),
        Arguments.of(
            "expired",
            TestTokens.forged(
                7, claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(120))))),
        Arguments.of("no expiry", TestTokens.forged(7, claims -> claims.expirationTime(null))),
        Arguments.of("wrong issuer", TestTokens.forged(7, claims -> claims.issuer("other"))),
        Arguments.of("wrong audience", TestTokens.forged(7, claims -> claims.audience("other"))),
        Arguments.of(
            "for another service",
            TestTokens.forged(7, claims -> claims.audience("voice-service"))),
        Arguments.of("no audience", TestTokens.forged(7, c -> c.audience((String) null))),
        Arguments.of("unknown role", TestTokens.forged(7, claims -> claims.claim("role", "root"))),
        Arguments.of("no user", TestTokens.forged(7, claims -> claims.subject("0"))),
        Arguments.of("alg none", "Bearer " + unsigned()),
        Arguments.of("signed by a stranger", "Bearer " + signed(stranger, "at+jwt", null)),
        Arguments.of("another type", "Bearer " + signed(TestTokens.key(), "JWT", null)),
        Arguments.of(
            "jku to a stranger's keys",
            "Bearer " + signed(stranger, "at+jwt", URI.create("http://127.0.0.1:1/jwks"))),
        Arguments.of("HMAC with the public key", "Bearer " + hmac()));
  }

  /** Another instance of the service, which asks for the gateway's keys at an address. */
  private ConfigurableApplicationContext serviceThatAsks(String jwksUri) {
    return new SpringApplicationBuilder(ProbeApplication.class)
        .run(
            "--server.port=0",
            "--spring.datasource.url=" + environment.getProperty("spring.datasource.url"),
            "--spring.datasource.username=" + environment.getProperty("spring.datasource.username"),
            "--spring.datasource.password=" + environment.getProperty("spring.datasource.password"),
            "--spring.flyway.enabled=false",
            "--spring.kafka.bootstrap-servers="
                + environment.getProperty("spring.kafka.bootstrap-servers"),
            "--mybella.security.jwks-uri=" + jwksUri);
  }

  private static RestTestClient client(ConfigurableApplicationContext service) {
    return RestTestClient.bindToServer()
        .baseUrl("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port"))
        .build();
  }

  private static int status(ConfigurableApplicationContext service, String token) {
    return client(service)
        .get()
        .uri("/who")
        .header("Authorization", "Bearer " + token)
        .exchange()
        .returnResult(Void.class)
        .getStatus()
        .value();
  }

  private static RSAKey newKey(String kid) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(kid).generate();
  }

  private static RSAKey renamed(RSAKey key, String kid) {
    return new RSAKey.Builder(key).keyID(kid).build();
  }

  /** A token that nobody has seen before. */
  private static String token(RSAKey key) throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(key.getKeyID())
            .build();
    var claims = TestTokens.claims(7, "user").jwtID(UUID.randomUUID().toString()).build();
    var token = new SignedJWT(header, claims);
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private static String unsigned() {
    return new PlainJWT(TestTokens.claims(7, "user").build()).serialize();
  }

  private static String signed(RSAKey key, String type, URI jku) throws Exception {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(new JOSEObjectType(type))
            .keyID("test")
            .jwkURL(jku)
            .build();
    var token = new SignedJWT(header, TestTokens.claims(7, "user").build());
    token.sign(new RSASSASigner(key.toRSAPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
    return token.serialize();
  }

  private static String hmac() throws Exception {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID("test")
            .build();
    var token = new SignedJWT(header, TestTokens.claims(7, "user").build());
    token.sign(new MACSigner(TestTokens.key().toRSAPublicKey().getEncoded()));
    return token.serialize();
  }
}
