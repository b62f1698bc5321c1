package io.mybella.chassis.testing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/** Tokens as the gateway signs them, with a key of this JVM that is published as a JWKS. */
public final class TestTokens {

  /** The token of the operator, in every service under {@link PlatformTest}. */
  public static final String OPERATOR = "the-operator-of-the-tests-0123456789";

  /** The service under test, as its own configuration names it. */
  private static final String AUDIENCE = applicationName();

  /**
   * Half as long as the gateway's: making one takes an eighth of the time and signing, which is
   * most of what somebody's first request costs a test, a fifth.
   */
  private static final RSAKey KEY = newKey();

  private static final HttpServer JWKS = publish(KEY);

  private static final Duration GOOD_FOR = Duration.ofMinutes(5);

  /** Signing is most of what a short request costs a test; a caller's token serves for many. */
  private static final Cache<Holder, String> SIGNED =
      Caffeine.newBuilder().expireAfterWrite(GOOD_FOR.dividedBy(2)).build();

  private TestTokens() {}

  /** The value of an {@code Authorization} header for a user. */
  public static String bearer(long userId) {
    return bearer(new Holder(userId, "user"));
  }

  /** The value of an {@code Authorization} header for an administrator. */
  public static String admin(long userId) {
    return bearer(new Holder(userId, "admin"));
  }

  /** A token for a user whose claims a test has changed, signed by the right key. */
  public static String forged(long userId, UnaryOperator<JWTClaimsSet.Builder> change) {
    return "Bearer " + sign(change.apply(claims(userId, "user")).build());
  }

  /** The key that signs, a weak one, for tests that make a token of their own. */
  public static RSAKey key() {
    return KEY;
  }

  /** Where the public key is published. */
  public static String jwksUri() {
    return "http://127.0.0.1:" + JWKS.getAddress().getPort() + "/jwks.json";
  }

  /** The claims of a valid token of a user. */
  public static JWTClaimsSet.Builder claims(long userId, String role) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer("mybella-gateway")
        .audience(AUDIENCE)
        .subject(Long.toString(userId))
        .claim("role", role)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(GOOD_FOR)));
  }

  private static String bearer(Holder holder) {
    return SIGNED.get(holder, each -> "Bearer " + sign(claims(each.userId(), each.role()).build()));
  }

  private record Holder(long userId, String role) {}

  private static String sign(JWTClaimsSet claims) {
    try {
      var header =
          new JWSHeader.Builder(JWSAlgorithm.RS256)
              .type(new JOSEObjectType("at+jwt"))
              .keyID(KEY.getKeyID())
              .build();
      var token = new SignedJWT(header, claims);
      token.sign(new RSASSASigner(KEY.toRSAPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
      return token.serialize();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static String applicationName() {
    var yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new ClassPathResource("application.yaml"));
    return Objects.requireNonNull(yaml.getObject()).getProperty("spring.application.name");
  }

  private static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(1024, true).keyID("test").generate();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static HttpServer publish(RSAKey key) {
    byte[] body = new JWKSet(key).toString(true).getBytes(StandardCharsets.UTF_8);
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/jwks.json",
          exchange -> {
            try (exchange) {
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
