package io.mybella.gateway.web;

import io.mybella.web.ReleaseStore;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The files of the last releases of the web app. */
@Repository
class ReleaseRepository implements ReleaseStore {

  /** This one, the one before, and the one that it was before somebody went back. */
  private static final int KEPT = 3;

  private final JdbcClient database;
  private final Clock clock;

  ReleaseRepository(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  @Transactional
  public void keep(String digest, Map<String, byte[]> files) {
    // One gateway after the other, also those of another release.
    database
        .sql("select pg_advisory_xact_lock(hashtextextended('web_release', 0))")
        .query()
        .listOfRows();
    if (isNew(digest)) {
      String[] paths = files.keySet().toArray(String[]::new);
      byte[][] contents = files.values().toArray(byte[][]::new);
      database
          .sql(
              """
              insert into web_file (digest, path, content)
              select ?, file.* from unnest(?::text[], ?::bytea[]) as file
              """)
          .params(digest, paths, contents)
          .update();
    }
    database
        .sql(
            """
            delete from web_release
            where digest not in (select digest from web_release order by started_at desc limit ?)
            """)
        .param(KEPT)
        .update();
  }

  /** Notes that the release was started; one that is there has its files already. */
  private boolean isNew(String digest) {
    return database
        .sql(
            """
            insert into web_release (digest, started_at) values (?, ?)
            on conflict (digest) do update set started_at = excluded.started_at
            returning old.digest is null
            """)
        .params(digest, clock.instant().atOffset(ZoneOffset.UTC))
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<byte[]> find(String digest, String path) {
    return database
        .sql("select content from web_file where digest = ? and path = ?")
        .params(digest, path)
        .query(byte[].class)
        .optional();
  }
}
