package io.mybella.gateway.identity.importing;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which account came from where. */
@Repository
class OriginRepository {

  private final JdbcClient database;
  private final Clock clock;

  OriginRepository(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Waits until nobody else imports, and keeps others waiting until the transaction ends. */
  void lock() {
    database
        .sql("select pg_advisory_xact_lock(hashtextextended('import', 0))")
        .query()
        .listOfRows();
  }

  /** What is known of the rows of an installation, by key. */
  Map<String, Origin> find(String source, List<String> keys) {
    Map<String, Origin> found = new HashMap<>();
    database
        .sql(
            """
            select o.row_key, o.account_id, o.created, a.id is not null
            from import_origin o left join account a on a.id = o.account_id
            where o.source = ? and o.row_key = any (?)
            """)
        .params(source, keys.toArray(String[]::new))
        .query(
            (row, _) ->
                found.put(
                    row.getString(1),
                    new Origin(row.getLong(2), row.getBoolean(3), row.getBoolean(4))))
        .list();
    return found;
  }

  /** Those of the accounts that rows of the installation have become. */
  Set<Long> from(String source, Collection<Long> accountIds) {
    return new HashSet<>(
        database
            .sql("select account_id from import_origin where source = ? and account_id = any (?)")
            .params(source, accountIds.toArray(Long[]::new))
            .query(Long.class)
            .list());
  }

  /** Notes what rows became. */
  void keep(String source, List<Kept> rows) {
    database
        .sql(
            """
            insert into import_origin (source, row_key, account_id, created, imported_at)
            select ?, each.key, each.account_id, each.created, ?
            from unnest(?::text[], ?::bigint[], ?::boolean[]) as each (key, account_id, created)
            """)
        .param(source)
        .param(Timestamp.from(clock.instant()))
        .param(rows.stream().map(Kept::key).toArray(String[]::new))
        .param(rows.stream().map(Kept::accountId).toArray(Long[]::new))
        .param(rows.stream().map(Kept::created).toArray(Boolean[]::new))
        .update();
  }

  /**
   * A row and what it became.
   *
   * @param created whether the account was opened from it
   */
  record Kept(String key, long accountId, boolean created) {}
}
