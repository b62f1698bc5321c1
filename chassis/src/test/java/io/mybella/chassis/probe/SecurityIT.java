package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.test.web.servlet.client.RestTestClient;

@PlatformTest(database = "probe")
class SecurityIT {

  private final RestTestClient http;

  private final Environment environment;

  @Autowired
  SecurityIT(@LocalServerPort int port, Environment environment) {
    this.environment = environment;
    this.http = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
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
        .expectBody()
        .jsonPath("$.error")
        .isEqualTo("Sign in to continue")
        .jsonPath("$.request_id")
        .exists();
  }

  @Test
  void healthNeedsNoToken() {
    http.get().uri("/actuator/health/readiness").exchange().expectStatus().isOk();
    http.get().uri("/actuator/env").exchange().expectStatus().isUnauthorized();
  }

  @Test
  void whileTheGatewaysKeysCannotBeHadTheAnswerIs503() {
    try (var elsewhere =
        new SpringApplicationBuilder(ProbeApplication.class)
            .run(
                "--server.port=0",
                "--spring.datasource.url=" + environment.getProperty("spring.datasource.url"),
                "--spring.datasource.username="
                    + environment.getProperty("spring.datasource.username"),
                "--spring.datasource.password="
                    + environment.getProperty("spring.datasource.password"),
                "--spring.flyway.enabled=false",
                "--spring.kafka.bootstrap-servers="
                    + environment.getProperty("spring.kafka.bootstrap-servers"),
                "--mybella.security.jwks-uri=http://127.0.0.1:1/jwks.json")) {
      RestTestClient.bindToServer()
          .baseUrl(
              "http://127.0.0.1:" + elsewhere.getEnvironment().getProperty("local.server.port"))
          .build()
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
        .isUnauthorized();
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
    token.sign(new RSASSASigner(key));
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
