package io.mybella.gateway.identity.credential;

import io.mybella.chassis.security.Caller;
import io.mybella.chassis.security.Caller.Role;
import io.mybella.gateway.identity.credential.Credential.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The rows of credentials, a statement each. */
@Repository
class CredentialRepository {

  /**
   * What a session must be to be one: neither too old nor unused for too long, and begun with the
   * password and the role that the account still has.
   */
  private static final String IS_ALIVE =
      """
      (c.kind = 'key' or (c.account_version = a.password_version and c.created_at > ?
        and c.last_used_at > ?))
      """;

  private final JdbcTemplate database;
  private final SessionProperties sessions;
  private final Clock clock;

  CredentialRepository(JdbcTemplate database, SessionProperties sessions, Clock clock) {
    this.database = database;
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * A credential as it stands in the database.
   *
   * @param lastUsedAt to the minute; null for a key that was never used
   */
  record Found(Credential credential, Instant createdAt, @Nullable Instant lastUsedAt) {

    Found used(Instant at) {
      return new Found(credential, createdAt, at);
    }
  }

  /** Whom the secret stands for now; empty when it is void, or the account is not active. */
  Optional<Found> find(SecretHash hash) {
    Instant now = clock.instant();
    return database
        .query(
            """
            select c.id, c.kind, a.id, a.role, c.created_at, c.last_used_at
            from credential c join account a on a.id = c.account_id
            where c.secret_hash = ? and a.active and
            """
                + IS_ALIVE,
            (row, _) -> found(row),
            hash.bytes(),
            Timestamp.from(sessions.begunSince(now)),
            Timestamp.from(sessions.usedSince(now)))
        .stream()
        .findFirst();
  }

  void noteUse(UUID id, Instant at) {
    database.update("update credential set last_used_at = ? where id = ?", Timestamp.from(at), id);
  }

  /**
   * Begins a session. The account's row is locked, so that neither its end nor another password is
   * missed.
   *
   * @param version that the account had when its owner signed in
   * @return false when it has another one by now, or is gone
   */
  boolean insertSession(
      UUID id, long accountId, int version, SecretHash hash, String address, String userAgent) {
    Timestamp now = Timestamp.from(clock.instant());
    return database.update(
            """
            with owner as (
              select id, password_version from account
              where id = ? and password_version = ? and active for share)
            insert into credential (id, account_id, kind, secret_hash, created_at, last_used_at,
              address, user_agent, account_version)
            select ?, id, 'session', ?, ?, ?, ?, ?, password_version from owner
            """,
            accountId,
            version,
            id,
            hash.bytes(),
            now,
            now,
            address,
            userAgent)
        == 1;
  }

  /** The sessions of the account that have not ended, the most recently used first. */
  List<Sessions.Entry> sessions(long accountId, @Nullable UUID current) {
    Instant now = clock.instant();
    return database.query(
        """
        select c.id, c.created_at, c.last_used_at, c.address, c.user_agent
        from credential c join account a on a.id = c.account_id
        where c.account_id = ? and c.kind = 'session' and
        """
            + IS_ALIVE
            + "order by c.last_used_at desc, c.id",
        (row, _) ->
            new Sessions.Entry(
                row.getObject(1, UUID.class),
                row.getTimestamp(2).toInstant(),
                row.getTimestamp(3).toInstant(),
                row.getString(4),
                row.getString(5),
                row.getObject(1, UUID.class).equals(current)),
        accountId,
        Timestamp.from(sessions.begunSince(now)),
        Timestamp.from(sessions.usedSince(now)));
  }

  Optional<Instant> createdAt(UUID id) {
    return database
        .queryForList("select created_at from credential where id = ?", Timestamp.class, id)
        .stream()
        .findFirst()
        .map(Timestamp::toInstant);
  }

  /** Waits for others who make a key of the account, and keeps them waiting. */
  void lockAccount(long accountId) {
    database.query("select id from account where id = ? for update", _ -> {}, accountId);
  }

  void insertKey(UUID id, long accountId, SecretHash hash, Instant at, String name) {
    database.update(
        """
        insert into credential (id, account_id, kind, secret_hash, created_at, name)
        values (?, ?, 'key', ?, ?, ?)
        """,
        id,
        accountId,
        hash.bytes(),
        Timestamp.from(at),
        name);
  }

  /** The account's keys, oldest first. */
  List<ApiKeys.Entry> keys(long accountId) {
    return database.query(
        """
        select id, name, created_at, last_used_at from credential
        where account_id = ? and kind = 'key' order by created_at, id
        """,
        (row, _) ->
            new ApiKeys.Entry(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getTimestamp(3).toInstant(),
                instant(row.getTimestamp(4))),
        accountId);
  }

  /** Takes one of the account's credentials out of use for good; false when it has none such. */
  boolean delete(UUID id, long accountId, Kind kind) {
    return database.update(
            "delete from credential where id = ? and account_id = ? and kind = lower(?)",
            id,
            accountId,
            kind.name())
        == 1;
  }

  /**
   * Removes sessions that have ended by themselves.
   *
   * @param most how many
   * @return how many there were
   */
  int deleteEnded(int most) {
    Instant now = clock.instant();
    return database.update(
        """
        delete from credential where id in (
          select c.id from credential c where c.kind = 'session' and c.created_at <= ?
          union
          select c.id from credential c where c.kind = 'session' and c.last_used_at <= ?
          limit ?)
        """,
        Timestamp.from(sessions.begunSince(now)),
        Timestamp.from(sessions.usedSince(now)),
        most);
  }

  /** Removes sessions of an account that its password or role voided. */
  int deleteVoid(long accountId) {
    return database.update(
        """
        delete from credential c using account a
        where a.id = c.account_id and c.account_id = ? and c.kind = 'session'
          and c.account_version <> a.password_version
        """,
        accountId);
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        new Credential(
            row.getObject(1, UUID.class),
            Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
            new Caller(row.getLong(3), Role.of(row.getString(4)))),
        row.getTimestamp(5).toInstant(),
        instant(row.getTimestamp(6)));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
