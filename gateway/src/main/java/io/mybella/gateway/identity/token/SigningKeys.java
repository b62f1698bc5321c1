package io.mybella.gateway.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The key pairs that sign tokens. They live in the database so that all replicas sign with the same
 * ones and a restart invalidates nothing; the first replica that finds none makes one. They are
 * read before anything is served.
 */
@Component
public class SigningKeys implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private static final int KEY_BITS = 2048;

  /** Serialises rotation among replicas; the number is arbitrary but must stay. */
  private static final long ROTATION_LOCK = 7_316_902_254_120_001L;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final TokenProperties properties;
  private final KeyCipher cipher;
  private final Clock clock;

  /** Oldest first; never empty once started. */
  private volatile List<SigningKey> keys = List.of();

  private record SigningKey(RSAKey pair, Instant createdAt) {}

  SigningKeys(
      JdbcClient database,
      TransactionTemplate transaction,
      TokenProperties properties,
      Clock clock) {
    this.database = database;
    this.transaction = transaction;
    this.properties = properties;
    this.cipher = new KeyCipher(properties.keySecret());
    this.clock = clock;
  }

  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void start() {
    if (cipher.encrypts()) {
      encryptStored();
    }
    keys = loadOrRotate();
  }

  @Override
  public boolean isRunning() {
    return !keys.isEmpty();
  }

  @Override
  public void stop() {
    // Whatever still runs may go on signing.
  }

  /** What services need to verify tokens: public halves only. */
  public JWKSet published() {
    return new JWKSet(keys.stream().<JWK>map(SigningKey::pair).toList()).toPublicJWKSet();
  }

  /** The key to sign with: the newest that has been published for long enough. */
  RSAKey current() {
    Instant seenByAll = clock.instant().minus(properties.lead());
    List<SigningKey> known = keys;
    return known.reversed().stream()
        .filter(key -> !key.createdAt().isAfter(seenByAll))
        .findFirst()
        .orElseGet(known::getFirst)
        .pair();
  }

  /** Learns of keys that other replicas made, and makes a new one when it is time. */
  @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
  void refresh() {
    try {
      keys = loadOrRotate();
    } catch (DataAccessException unreachable) {
      // The known keys stay good for days; the next minute tries again.
      log.warn("Signing keys could not be read again: {}", unreachable.getMessage());
    }
  }

  private List<SigningKey> loadOrRotate() {
    List<SigningKey> stored = load();
    Instant now = clock.instant();
    if (isDue(stored, now)) {
      stored = transaction.execute(_ -> rotate(now));
    }
    return stored;
  }

  private boolean isDue(List<SigningKey> stored, Instant now) {
    return stored.isEmpty()
        || stored.getLast().createdAt().plus(properties.rotation()).isBefore(now);
  }

  private List<SigningKey> rotate(Instant now) {
    // The lock function returns void, which no driver type fits; hence the cast.
    database
        .sql("select pg_advisory_xact_lock(?)::text")
        .param(ROTATION_LOCK)
        .query(String.class)
        .optional();
    List<SigningKey> stored = load();
    if (!isDue(stored, now)) {
      return stored;
    }
    // Whatever the previous key signed is long over when a whole rotation has passed.
    database
        .sql("delete from signing_key where created_at < (select max(created_at) from signing_key)")
        .update();
    make(now);
    return load();
  }

  private void make(Instant now) {
    try {
      RSAKey key = new RSAKeyGenerator(KEY_BITS).keyIDFromThumbprint(true).generate();
      database
          .sql(
              """
              insert into signing_key (kid, private_key, encrypted, public_key, created_at)
              values (?, ?, ?, ?, ?)
              """)
          .param(key.getKeyID())
          .param(cipher.encrypted(key.toPrivateKey().getEncoded()))
          .param(cipher.encrypts())
          .param(key.toPublicKey().getEncoded())
          .param(Timestamp.from(now))
          .update();
      log.info("A new signing key: {}", key.getKeyID());
    } catch (JOSEException unsupported) {
      throw new IllegalStateException("No signing key can be made", unsupported);
    }
  }

  private List<SigningKey> load() {
    return database
        .sql("select * from signing_key order by created_at")
        .query((row, _) -> restored(row))
        .list();
  }

  private SigningKey restored(ResultSet row) throws SQLException {
    String kid = row.getString("kid");
    byte[] stored = row.getBytes("private_key");
    byte[] secret = row.getBoolean("encrypted") ? cipher.decrypted(kid, stored) : stored;
    try {
      var rsa = KeyFactory.getInstance("RSA");
      var known =
          (RSAPublicKey) rsa.generatePublic(new X509EncodedKeySpec(row.getBytes("public_key")));
      RSAKey pair =
          new RSAKey.Builder(known)
              .privateKey(rsa.generatePrivate(new PKCS8EncodedKeySpec(secret)))
              .keyID(kid)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.RS256)
              .build();
      return new SigningKey(pair, row.getTimestamp("created_at").toInstant());
    } catch (GeneralSecurityException unreadable) {
      throw new IllegalStateException("Signing key %s is unreadable".formatted(kid), unreadable);
    }
  }

  /** Keys from before there was a secret; another replica may be doing the same. */
  private void encryptStored() {
    database
        .sql("select kid, private_key from signing_key where not encrypted")
        .query((row, _) -> Map.entry(row.getString(1), cipher.encrypted(row.getBytes(2))))
        .list()
        .forEach(
            key ->
                database
                    .sql(
                        """
                        update signing_key set private_key = ?, encrypted = true
                        where kid = ? and not encrypted
                        """)
                    .params(key.getValue(), key.getKey())
                    .update());
  }
}
