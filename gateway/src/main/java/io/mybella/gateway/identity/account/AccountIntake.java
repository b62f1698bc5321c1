package io.mybella.gateway.identity.account;

import io.mybella.chassis.problem.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Takes in accounts that were opened elsewhere, by the rules of this room. */
@Service
public class AccountIntake {

  /** The most characters of an address. */
  public static final int LONGEST_EMAIL = 254;

  /** Greater numbers are given up: there must be some left for everybody else. */
  private static final long GREATEST_KEPT = 1_000_000_000;

  private static final Pattern EMAIL =
      Pattern.compile(
          "[^@\\s\\p{Cntrl}\\p{Cs}]+@[^@\\s\\p{Cntrl}\\p{Cs}]+", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern NO_LINE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]+");
  private static final int NAME_LENGTH = 100;

  private final JdbcClient database;

  AccountIntake(JdbcClient database) {
    this.database = database;
  }

  /** Whether this can be an address: one line with something before and after an @. */
  public static boolean isAddress(String email) {
    return email.length() <= LONGEST_EMAIL && EMAIL.matcher(email).matches();
  }

  /** What stands before the @ of an address; all of it where there is none. */
  public static String mailbox(String email) {
    int at = email.indexOf('@');
    return at > 0 ? email.substring(0, at) : email;
  }

  /** A name as it may stand here: one line of at most 100 characters, perhaps none. */
  public static String mended(String name) {
    String line = NO_LINE.matcher(name).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= NAME_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, NAME_LENGTH)).strip();
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
    long greatest =
        newcomers.stream()
            .map(Newcomer::wantedId)
            .filter(id -> id != null && id <= GREATEST_KEPT)
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    database.sql("select raise_account_numbers(?)").param(greatest).query().listOfRows();
    try {
      return insert(newcomers);
    } catch (DataIntegrityViolationException taken) {
      throw Problem.conflict("An address or a number was taken meanwhile; send the accounts again");
    }
  }

  private Map<String, Long> insert(List<Newcomer> newcomers) {
    Map<String, Long> given = new HashMap<>();
    database
        .sql(
            """
            with newcomer as (
              select *, id <= ? and row_number() over (partition by id order by place) = 1
                and not exists (select from account a where a.id = each.id)
                and not exists (select from erasure e where e.user_id = each.id) as keeps_number
              from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[],
                  ?::timestamptz[]) with ordinality
                as each (id, name, email, hash, role, active, created_at, place))
            insert into account (id, name, email, password_hash, role, active, created_at)
            select case when keeps_number then id else nextval('account_id_seq') end, name, email,
              hash, role, active, created_at
            from newcomer
            returning email, id
            """)
        .param(GREATEST_KEPT)
        .param(newcomers.stream().map(Newcomer::wantedId).toArray(Long[]::new))
        .param(column(newcomers, Newcomer::name))
        .param(column(newcomers, each -> normalized(each.email())))
        .param(column(newcomers, Newcomer::passwordHash))
        .param(column(newcomers, each -> each.role().word()))
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
}
