package io.mybella.gateway.identity.account;

import io.mybella.chassis.security.Caller.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
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
            values (?, ?, ?, ?, true, ?)
            """
                + RETURNING)
        .param(name.strip())
        .param(Account.normalized(email))
        .param(passwordHash)
        .param(role.word())
        .param(Timestamp.from(createdAt))
        .query(AccountRepository::account)
        .single();
  }

  Optional<Account> findById(long id) {
    return find("id = ?", id);
  }

  /** Keeps others from changing the account until the transaction ends. */
  Optional<Account> lockById(long id) {
    return find("id = ? for no key update", id);
  }

  /**
   * @param email in the form in which addresses are kept
   */
  Optional<Account> findByEmail(String email) {
    return find("lower(email) = ?", email);
  }

  private Optional<Account> find(String which, Object value) {
    return database
        .sql("select " + COLUMNS + " from account where " + which)
        .param(value)
        .query(AccountRepository::account)
        .optional();
  }

  /** Another role, of the next version. */
  Account changeRole(long id, Role role) {
    return change("role", role.word(), id);
  }

  /** Another password, of the next version. */
  Account changePassword(long id, String hash) {
    return change("password_hash", hash, id);
  }

  private Account change(String column, String value, long id) {
    return database
        .sql(
            """
            update account set %s = ?, password_version = password_version + 1 where id = ?
            """
                    .formatted(column)
                + RETURNING)
        .params(value, id)
        .query(AccountRepository::account)
        .single();
  }

  /** The same password, hashed anew; without effect when it is another one by now. */
  void rehash(long id, String before, String after) {
    database
        .sql("update account set password_hash = ? where id = ? and password_hash = ?")
        .params(after, id, before)
        .update();
  }

  void delete(long id) {
    database.sql("delete from account where id = ?").param(id).update();
  }

  private static Account account(ResultSet row, int number) throws SQLException {
    return new Account(
        row.getLong("id"),
        row.getString("name"),
        row.getString("email"),
        row.getString("password_hash"),
        row.getInt("password_version"),
        Role.of(row.getString("role")),
        row.getBoolean("active"),
        row.getTimestamp("created_at").toInstant());
  }
}
