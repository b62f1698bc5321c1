package io.mybella.gateway.identity.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Service;

/** Tells services in a signed token who is asking (RFC 9068). */
@Service
public class TokenIssuer {

  private static final String ISSUER = "mybella-gateway";
  private static final JwsHeader ACCESS_TOKEN =
      JwsHeader.with(SignatureAlgorithm.RS256).type("at+jwt").build();

  /** Callers active within a few minutes, for each service; a token takes about 700 bytes. */
  private static final int MAX_CACHED = 50_000;

  private final JwtEncoder encoder;
  private final TokenProperties properties;
  private final IdGenerator ids;
  private final Clock clock;

  /** An RSA signature costs about a millisecond of processor time: too much for every request. */
  private final Cache<Asking, String> recent;

  TokenIssuer(SigningKeys keys, TokenProperties properties, IdGenerator ids, Clock clock) {
    this.encoder = new NimbusJwtEncoder((_, _) -> List.of(keys.current()));
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
    var claims =
        JwtClaimsSet.builder()
            .issuer(ISSUER)
            .audience(asking.audience())
            .subject(Long.toString(caller.userId()))
            .claim("role", caller.role().word())
            .id(ids.next().toString())
            .issuedAt(now)
            .expiresAt(now.plus(properties.lifetime()))
            .build();
    return encoder.encode(JwtEncoderParameters.from(ACCESS_TOKEN, claims)).getTokenValue();
  }
}
