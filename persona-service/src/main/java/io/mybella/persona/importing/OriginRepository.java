package io.mybella.persona.importing;

import io.mybella.persona.catalog.PersonaTable;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which persona came from where. */
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
            select o.row_key, o.persona_id, o.created, %s
            from import_origin o join persona p on p.id = o.persona_id
            where o.source = ? and o.row_key = any (?)
            """
                .formatted(PersonaTable.LIVING))
        .params(source, keys.toArray(String[]::new))
        .query(
            (row, _) ->
                found.put(
                    row.getString(1),
                    new Origin(
                        new PersonaId(row.getLong(2)), row.getBoolean(3), row.getBoolean(4))))
        .list();
    return found;
  }

  /** What a persona is to an import. */
  enum Kind {
    /** An import made it. */
    MADE,
    /** It belongs to the system, and no import made it. */
    BUILT_IN,
    /** It is not there any more. */
    DELETED,
    /** Its user made it here, or there never was one. */
    OTHER
  }

  Kind kindOf(PersonaId personaId) {
    return database
        .sql(
            """
            select case
              when %s then 'DELETED'
              when exists (select from import_origin o where o.persona_id = p.id and o.created)
                then 'MADE'
              when %s then 'BUILT_IN'
              else 'OTHER' end
            from persona p where p.id = ?
            """
                .formatted(PersonaTable.DELETED, PersonaTable.BUILT_IN))
        .param(personaId.value())
        .query(String.class)
        .optional()
        .map(Kind::valueOf)
        .orElse(Kind.OTHER);
  }

  /** Those of the users whose account is gone for good. */
  Set<UserId> erased(List<UserId> userIds) {
    return new HashSet<>(
        database
            .sql("select user_id from erased_account where user_id = any (?)")
            .param(userIds.stream().map(UserId::value).toArray(Long[]::new))
            .query((row, _) -> new UserId(row.getLong(1)))
            .list());
  }

  /** Notes what rows became. */
  void keep(String source, List<Kept> rows) {
    database
        .sql(
            """
            insert into import_origin (source, row_key, persona_id, created, imported_at)
            select ?, each.key, each.persona_id, each.created, ?
            from unnest(?::text[], ?::bigint[], ?::boolean[]) as each (key, persona_id, created)
            on conflict do nothing
            """)
        .param(source)
        .param(Timestamp.from(clock.instant()))
        .param(rows.stream().map(Kept::key).toArray(String[]::new))
        .param(rows.stream().map(row -> row.personaId().value()).toArray(Long[]::new))
        .param(rows.stream().map(Kept::created).toArray(Boolean[]::new))
        .update();
  }

  /**
   * A row and what it became.
   *
   * @param created whether the persona was made from it
   */
  record Kept(String key, PersonaId personaId, boolean created) {}
}
