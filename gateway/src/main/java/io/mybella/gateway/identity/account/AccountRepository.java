package io.mybella.gateway.identity.account;

import io.mybella.chassis.security.Caller.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of accounts, a statement each. */
@Repository
class AccountRepository {

  private static final String COLUMNS =
      "id, name, email, password_hash, password_version, role, active, created_at";

  private static final String RETURNING = "returning " + COLUMNS;

  private static final String BY_ID = "select " + COLUMNS + " from account where id = :id";

  private final JdbcClient database;

  AccountRepository(JdbcClient database) {
    this.database = database;
  }

  /**
   * Stores a new, active account.
   *
   * @param passwordHash null when its owner signs in elsewhere
   * @throws DataIntegrityViolationException when the e-mail address is taken
   */
  Account insert(
      String name, String email, @Nullable String passwordHash, Role role, Instant createdAt) {
    return database
        .sql(
            """
            insert into account (name, email, password_hash, role, active, created_at)
            values (:name, :email, :hash, :role, true, :now)
            """
                + RETURNING)
        .param("name", name.strip())
        .param("email", Account.normalized(email))
        .param("hash", passwordHash)
        .param("role", spelled(role))
        .param("now", createdAt.atOffset(ZoneOffset.UTC))
        .query(AccountRepository::account)
        .single();
  }

  Optional<Account> findById(long id) {
    return one(BY_ID, id);
  }

  /** Keeps others from changing the account until the transaction ends. */
  Optional<Account> lockById(long id) {
    return one(BY_ID + " for no key update", id);
  }

  /**
   * @param email in the form in which addresses are kept
   */
  Optional<Account> findByEmail(String email) {
    return database
        .sql("select " + COLUMNS + " from account where lower(email) = :email")
        .param("email", email)
        .query(AccountRepository::account)
        .optional();
  }

  /** Another role, of the next version. */
  Account changeRole(long id, Role role) {
    return database
        .sql(
            """
            update account set role = :role, password_version = password_version + 1
            where id = :id
            """
                + RETURNING)
        .param("role", spelled(role))
        .param("id", id)
        .query(AccountRepository::account)
        .single();
  }

  /** Another password, of the next version. */
  Account changePassword(long id, String hash) {
    return database
        .sql(
            """
            update account set password_hash = :hash, password_version = password_version + 1
            where id = :id
            """
                + RETURNING)
        .param("hash", hash)
        .param("id", id)
        .query(AccountRepository::account)
        .single();
  }

  /** The same password, hashed anew; without effect when it is another one by now. */
  void rehash(long id, String before, String after) {
    database
        .sql("update account set password_hash = :after where id = :id and password_hash = :before")
        .param("after", after)
        .param("id", id)
        .param("before", before)
        .update();
  }

  void delete(long id) {
    database.sql("delete from account where id = :id").param("id", id).update();
  }

  private Optional<Account> one(String sql, long id) {
    return database.sql(sql).param("id", id).query(AccountRepository::account).optional();
  }

  private static Account account(ResultSet row, int number) throws SQLException {
    return new Account(
        row.getLong("id"),
        row.getString("name"),
        row.getString("email"),
        row.getString("password_hash"),
        row.getInt("password_version"),
        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
        row.getBoolean("active"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  /** Roles are stored as tokens and answers spell them: in lower case. */
  private static String spelled(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
