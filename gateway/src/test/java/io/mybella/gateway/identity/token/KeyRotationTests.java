package io.mybella.gateway.identity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.security.Caller;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.security.KeyFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** A new key takes over while tokens of the old one are under way, on a real database. */
class KeyRotationTests {

  private static final TokenProperties TIMES = times("");

  private final MovableClock clock = new MovableClock();
  private long nextUser = 1;
  private DriverManagerDataSource source;

  @BeforeEach
  void migrate() {
    PostgresPart.Database fresh = PlatformParts.freshDatabase("gateway");
    Flyway.configure()
        .dataSource(fresh.jdbcUrl(), fresh.ownerUser(), fresh.ownerPassword())
        .load()
        .migrate();
    source = new DriverManagerDataSource(fresh.jdbcUrl(), fresh.appUser(), fresh.appPassword());
  }

  @Test
  void aNewKeySignsWhenEverybodyHasSeenItAndTheOldOneIsStillGood() throws Exception {
    SigningKeys keys = replica();
    SignedJWT old = token(keys);

    clock.move(TIMES.rotation().plusSeconds(1));
    keys.refresh();

    // Published, but nobody need have asked for it yet.
    assertThat(keys.published().getKeys()).hasSize(2);
    SignedJWT last = token(keys);
    assertThat(last.getHeader().getKeyID()).isEqualTo(old.getHeader().getKeyID());

    clock.move(TIMES.lead().plusSeconds(1));
    keys.refresh();

    SignedJWT current = token(keys);
    assertThat(current.getHeader().getKeyID()).isNotEqualTo(old.getHeader().getKeyID());
    assertThat(isGood(current, keys)).isTrue();
    assertThat(isGood(last, keys)).isTrue();
  }

  @Test
  void theOldKeyGoesWithTheRotationAfterTheNext() throws Exception {
    SigningKeys keys = replica();
    String first = token(keys).getHeader().getKeyID();
    for (int rotation = 0; rotation < 2; rotation++) {
      clock.move(TIMES.rotation().plusSeconds(1));
      keys.refresh();
    }

    assertThat(keys.published().getKeys())
        .extracting(JWK::getKeyID)
        .hasSize(2)
        .doesNotContain(first);
  }

  @Test
  void replicasRotateOnceAndSignWithTheSameKey() throws Exception {
    SigningKeys one = replica();
    SigningKeys two = replica();
    clock.move(TIMES.rotation().plusSeconds(1));
    one.refresh();
    two.refresh();
    clock.move(TIMES.lead().plusSeconds(1));

    assertThat(two.published().getKeys()).hasSize(2);
    assertThat(isGood(token(one), two)).isTrue();
    assertThat(token(two).getHeader().getKeyID()).isEqualTo(token(one).getHeader().getKeyID());
  }

  @Test
  void aSecretKeepsPrivateKeysFromWhoeverReadsTheDatabase() throws Exception {
    String before = token(replica()).getHeader().getKeyID();

    SigningKeys keys = replica(times("a secret"));
    clock.move(TIMES.rotation().plusSeconds(1));
    keys.refresh();

    assertThat(token(keys).getHeader().getKeyID()).isEqualTo(before);
    assertThat(
            JdbcClient.create(source)
                .sql("select private_key from signing_key")
                .query((row, _) -> row.getBytes(1))
                .list())
        .hasSize(2)
        .allSatisfy(
            stored ->
                assertThatThrownBy(
                        () ->
                            KeyFactory.getInstance("RSA")
                                .generatePrivate(new PKCS8EncodedKeySpec(stored)))
                    .isInstanceOf(InvalidKeySpecException.class));
    assertThat(replica(times("a secret")).published()).isEqualTo(keys.published());
    assertThatThrownBy(() -> replica(times("another")))
        .hasMessageContaining("is encrypted with another mybella.gateway.token.key-secret");
    assertThatThrownBy(this::replica)
        .hasMessageContaining("is encrypted, and mybella.gateway.token.key-secret is not set");
  }

  private static TokenProperties times(String secret) {
    return new TokenProperties(
        Duration.ofMinutes(5),
        Duration.ofMinutes(4),
        Duration.ofDays(30),
        Duration.ofMinutes(15),
        secret);
  }

  private SigningKeys replica() {
    return replica(TIMES);
  }

  private SigningKeys replica(TokenProperties properties) {
    var keys =
        new SigningKeys(
            JdbcClient.create(source),
            new TransactionTemplate(new DataSourceTransactionManager(source)),
            properties,
            clock);
    keys.start();
    return keys;
  }

  /** For somebody new, as a token is used again for the same caller. */
  private SignedJWT token(SigningKeys keys) throws Exception {
    IdGenerator ids = UUID::randomUUID;
    var issuer = new TokenIssuer(keys, TIMES, ids, clock);
    return SignedJWT.parse(
        issuer.tokenFor(new Caller(nextUser++, Caller.Role.USER), List.of("a-service")));
  }

  private static boolean isGood(SignedJWT token, SigningKeys keys) throws Exception {
    JWK key = keys.published().getKeyByKeyId(token.getHeader().getKeyID());
    return key != null && token.verify(new RSASSAVerifier(key.toRSAKey()));
  }

  private static final class MovableClock extends Clock {

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    void move(Duration further) {
      now = now.plus(further);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
