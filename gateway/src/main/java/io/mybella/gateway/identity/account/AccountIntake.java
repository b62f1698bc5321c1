package io.mybella.gateway.identity.account;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Takes in accounts that were opened elsewhere, by the rules of this room. */
@Service
public class AccountIntake {

  /** Greater numbers are given up: there must be some left for everybody else. */
  private static final long GREATEST_KEPT = 1_000_000_000;

  private final JdbcClient database;

  AccountIntake(JdbcClient database) {
    this.database = database;
  }

  /** Whether a hash says which password it is of. */
  public static boolean canVerify(String passwordHash) {
    return WerkzeugPasswordEncoder.canVerify(passwordHash);
  }

  /** The form in which an address is kept and compared. */
  public static String normalized(String email) {
    return Account.normalized(email);
  }

  /**
   * Whose these addresses are.
   *
   * @param emails in their {@linkplain #normalized normal form}
   * @return those that somebody has, to the numbers of the accounts
   */
  public Map<String, Long> owners(Collection<String> emails) {
    Map<String, Long> owners = new HashMap<>();
    database
        .sql("select lower(email), id from account where lower(email) = any (?)")
        .param(emails.toArray(String[]::new))
        .query((row, _) -> owners.put(row.getString(1), row.getLong(2)))
        .list();
    return owners;
  }

  /**
   * Opens accounts, in the transaction of the caller. A number that somebody has or had is not
   * given again, and numbers that are given later are above these.
   *
   * @param newcomers with addresses that nobody has
   * @return their numbers, by address in its normal form
   * @throws Problem 409 when somebody has taken an address or a number meanwhile
   */
  public Map<String, Long> takeIn(List<Newcomer> newcomers) {
    if (newcomers.isEmpty()) {
      return Map.of();
    }
    List<Long> wanted =
        newcomers.stream()
            .map(Newcomer::wantedId)
            .filter(id -> id != null && id <= GREATEST_KEPT)
            .distinct()
            .toList();
    raiseNumbers(wanted.stream().mapToLong(Long::longValue).max().orElse(0));
    Set<Long> free = free(wanted);
    List<@Nullable Long> ids =
        newcomers.stream()
            .map(Newcomer::wantedId)
            .<@Nullable Long>map(id -> id != null && free.remove(id) ? id : null)
            .toList();
    try {
      return insert(newcomers, ids);
    } catch (DataIntegrityViolationException taken) {
      throw Problem.conflict("An address or a number was taken meanwhile; send the accounts again");
    }
  }

  private void raiseNumbers(long least) {
    database
        .sql("select raise_account_numbers(?)")
        .param(least)
        .query((row, _) -> row.getString(1))
        .list();
  }

  private Set<Long> free(List<Long> wanted) {
    return new HashSet<>(
        database
            .sql(
                """
                select id from unnest(?::bigint[]) as wanted (id)
                where not exists (select from account a where a.id = wanted.id)
                  and not exists (select from erasure e where e.user_id = wanted.id)
                """)
            .param(wanted.toArray(Long[]::new))
            .query(Long.class)
            .list());
  }

  private Map<String, Long> insert(List<Newcomer> newcomers, List<@Nullable Long> ids) {
    Map<String, Long> given = new HashMap<>();
    database
        .sql(
            """
            insert into account (id, name, email, password_hash, role, active, created_at)
            select coalesce(each.id, nextval('account_id_seq')), each.name, each.email, each.hash,
              each.role, each.active, each.created_at
            from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[],
                ?::timestamptz[])
              as each (id, name, email, hash, role, active, created_at)
            returning email, id
            """)
        .param(ids.toArray(Long[]::new))
        .param(column(newcomers, Newcomer::name))
        .param(column(newcomers, each -> normalized(each.email())))
        .param(column(newcomers, Newcomer::passwordHash))
        .param(column(newcomers, each -> spelled(each.role())))
        .param(newcomers.stream().map(Newcomer::active).toArray(Boolean[]::new))
        .param(column(newcomers, each -> each.createdAt().toString()))
        .query((row, _) -> given.put(row.getString(1), row.getLong(2)))
        .list();
    return given;
  }

  private static @Nullable String[] column(
      List<Newcomer> newcomers, Function<Newcomer, @Nullable String> value) {
    return newcomers.stream().map(value).toArray(String[]::new);
  }

  private static String spelled(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
