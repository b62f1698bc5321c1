package io.mybella.gateway.apikey;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The keys with which programs act for an account. A key is looked up in the database for every
 * request, so a revoked one is worth nothing at once and on every replica.
 */
@Service
public class ApiKeys {

  /** What keys begin with, so that people and secret scanners recognise them. */
  public static final String PREFIX = "mb_";

  /** More keys than a person has programs; bounds what one account can make us keep. */
  static final int MAX_PER_ACCOUNT = 50;

  private static final int SECRET_BYTES = 32;

  /** What a key looks like: anything else need not be looked up. */
  private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  /** How far the shown last use may lag behind; saves a write per request. */
  private static final Duration LAG = Duration.ofMinutes(1);

  private final JdbcClient database;
  private final IdGenerator ids;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ApiKeys(JdbcClient database, IdGenerator ids, Clock clock) {
    this.database = database;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A key as its owner may see it later.
   *
   * @param lastUsedAt to the minute; null when it was never used
   */
  public record Entry(UUID id, String name, Instant createdAt, @Nullable Instant lastUsedAt) {}

  /**
   * A new key.
   *
   * @param secret what the program presents; told only this once
   */
  public record Created(UUID id, String name, String secret, Instant createdAt) {}

  private record Found(UUID id, Caller caller, @Nullable Instant lastUsedAt) {}

  /**
   * Makes a key for the account.
   *
   * @throws Problem 409 when the account has too many
   */
  @Transactional
  public Created create(long accountId, String name) {
    // Two requests at once must not both take the last place.
    database
        .sql("select id from account where id = :account for update")
        .param("account", accountId)
        .query(Long.class)
        .single();
    if (list(accountId).size() >= MAX_PER_ACCOUNT) {
      throw Problem.conflict(
          "An account can have %d keys; revoke one first".formatted(MAX_PER_ACCOUNT));
    }
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var created = new Created(ids.next(), name.strip(), secret, clock.instant());
    database
        .sql(
            """
            insert into api_key (id, account_id, name, key_hash, created_at)
            values (:id, :account, :name, :hash, :created)
            """)
        .param("id", created.id())
        .param("account", accountId)
        .param("name", created.name())
        .param("hash", hash(secret))
        .param("created", utc(created.createdAt()))
        .update();
    return created;
  }

  /** The account's keys, oldest first. */
  public List<Entry> list(long accountId) {
    return database
        .sql(
            """
            select id, name, created_at, last_used_at from api_key
            where account_id = :account order by created_at, id
            """)
        .param("account", accountId)
        .query(
            (row, _) ->
                new Entry(
                    row.getObject("id", UUID.class),
                    row.getString("name"),
                    row.getObject("created_at", OffsetDateTime.class).toInstant(),
                    instant(row, "last_used_at")))
        .list();
  }

  /** Takes a key out of use for good; false when the account has no such key. */
  public boolean revoke(long accountId, UUID id) {
    return database
            .sql("delete from api_key where id = :id and account_id = :account")
            .param("id", id)
            .param("account", accountId)
            .update()
        > 0;
  }

  /** Whose key this is; empty when it is none, was revoked, or the account is not active. */
  public Optional<Caller> recognise(String secret) {
    if (!SHAPE.matcher(secret).matches()) {
      return Optional.empty();
    }
    Optional<Found> found =
        database
            .sql(
                """
                select k.id, k.last_used_at, a.id as account_id, a.role
                from api_key k join account a on a.id = k.account_id
                where k.key_hash = :hash and a.active
                """)
            .param("hash", hash(secret))
            .query(
                (row, _) ->
                    new Found(
                        row.getObject("id", UUID.class),
                        new Caller(
                            row.getLong("account_id"),
                            Caller.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT))),
                        instant(row, "last_used_at")))
            .optional();
    found.ifPresent(this::noteUse);
    return found.map(Found::caller);
  }

  private void noteUse(Found key) {
    Instant now = clock.instant();
    Instant last = key.lastUsedAt();
    if (last == null || last.plus(LAG).isBefore(now)) {
      database
          .sql("update api_key set last_used_at = :now where id = :id")
          .param("now", utc(now))
          .param("id", key.id())
          .update();
    }
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
