package io.mybella.gateway.identity.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.springframework.stereotype.Service;

/** Tells services in a signed token who is asking (RFC 9068). */
@Service
public class TokenIssuer {

  private static final String ISSUER = "mybella-gateway";
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  /** Callers active within a few minutes, for each service; a token takes about 700 bytes. */
  private static final int MAX_CACHED = 50_000;

  private final SigningKeys keys;
  private final TokenProperties properties;
  private final IdGenerator ids;
  private final Clock clock;

  /** An RSA signature costs about a millisecond of processor time: too much for every request. */
  private final Cache<Asking, String> recent;

  TokenIssuer(SigningKeys keys, TokenProperties properties, IdGenerator ids, Clock clock) {
    this.keys = keys;
    this.properties = properties;
    this.ids = ids;
    this.clock = clock;
    this.recent =
        Caffeine.newBuilder().maximumSize(MAX_CACHED).expireAfterWrite(properties.reuse()).build();
  }

  private record Asking(Caller caller, List<String> audience) {}

  /**
   * A token for the caller, good for a minute at the least.
   *
   * @param audience the services that accept it, and no other
   */
  public String tokenFor(Caller caller, List<String> audience) {
    return recent.get(new Asking(caller, audience), this::sign);
  }

  private String sign(Asking asking) {
    Caller caller = asking.caller();
    Instant now = clock.instant();
    var key = keys.current();
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(ACCESS_TOKEN)
                .keyID(key.getKeyID())
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(asking.audience())
                .subject(Long.toString(caller.userId()))
                .claim("role", caller.role().word())
                .jwtID(ids.next().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(properties.lifetime())))
                .build());
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException failed) {
      throw new IllegalStateException("A token could not be signed", failed);
    }
    return token.serialize();
  }
}
