package io.mybella.door;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.mybella.load.Load;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Requests;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/**
 * Tokens as the gateway gives them to persona-service, signed with its own key: services take no
 * others, and what they answer past the gateway cannot be measured without. Never printed.
 */
final class ServiceTokens {

  private static final String ISSUER = "mybella-gateway";
  private static final String AUDIENCE = "persona-service";

  /** As in the gateway; a new token costs the service a signature to check. */
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final Duration REUSE = Duration.ofMinutes(4);

  private final JWSHeader header;
  private final JWSSigner signer;

  private ServiceTokens(String kid, JWSSigner signer) {
    this.header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(kid)
            .build();
    this.signer = signer;
  }

  /**
   * Signed with the key that the gateway has published for the longest.
   *
   * @throws IllegalStateException when it has none, or keeps it encrypted
   */
  static ServiceTokens of(MeasuredPlatform platform) throws SQLException, GeneralSecurityException {
    try (Connection gateway = platform.superuser("gateway");
        Statement statement = gateway.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT kid, private_key FROM signing_key WHERE NOT encrypted
                ORDER BY created_at LIMIT 1
                """)) {
      if (!row.next()) {
        throw new IllegalStateException(
            "The gateway keeps its keys encrypted; start it without"
                + " mybella.gateway.token.key-secret to measure past it");
      }
      var key = new PKCS8EncodedKeySpec(row.getBytes("private_key"));
      return new ServiceTokens(
          row.getString("kid"),
          new RSASSASigner(KeyFactory.getInstance("RSA").generatePrivate(key)));
    }
  }

  /** A user who asks persona-service the same again and again, and changes tokens in time. */
  Load.Caller caller(String what, long user) {
    return new Load.Caller() {
      private byte[] request = {};
      private Instant renewal = Instant.MIN;

      @Override
      public byte[] next() {
        Instant now = Instant.now();
        if (now.isAfter(renewal)) {
          request = Requests.of(what, tokenFor(user, now), null);
          renewal = now.plus(REUSE);
        }
        return request;
      }
    };
  }

  private String tokenFor(long user, Instant now) {
    var token =
        new SignedJWT(
            header,
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(Long.toString(user))
                .claim("role", "user")
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build());
    try {
      token.sign(signer);
    } catch (JOSEException failed) {
      throw new IllegalStateException("No token can be signed", failed);
    }
    return token.serialize();
  }
}
