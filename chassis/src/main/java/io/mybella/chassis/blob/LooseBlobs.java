package io.mybella.chassis.blob;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Stored files that no row refers to.
 *
 * <p>A blob store knows no transactions. So a file is written down as loose before it is stored;
 * the row that takes it strikes it off that list, and a row that lets one go puts it there, each in
 * its own transaction. What is on the list is removed: soon after the commit, and by a regular
 * sweep when that did not happen.
 *
 * <p>A blob store may be slow or hang. It is never waited for within a transaction: a file is
 * marked as given up, then removed from the store without any database connection, then struck off.
 */
public final class LooseBlobs {

  private static final Logger log = LoggerFactory.getLogger(LooseBlobs.class);

  /** Longer than any request takes from storing a file to committing the row that takes it. */
  private static final Duration LOOSE_FOR = Duration.ofMinutes(10);

  private static final int AT_ONCE = 1000;

  /** So many failures one after the other are the store's and not the files'. */
  private static final int STORE_IS_AWAY = 5;

  /** In the place of a time: the file is given up, and nobody can take it any more. */
  private static final String GIVEN_UP = "'-infinity'::timestamptz";

  private final String table;
  private final BlobStore blobs;
  private final JdbcClient database;
  private final TransactionOperations transactions;
  private final Clock clock;
  private final AtomicBoolean sweepIsDue = new AtomicBoolean();
  private final ReentrantLock sweeping = new ReentrantLock();

  /**
   * The list of one service.
   *
   * @param table where it is kept; with the columns {@code blob_key}, the primary key, and {@code
   *     since}, and {@code owner_id} where files have owners
   */
  public LooseBlobs(
      String table,
      BlobStore blobs,
      JdbcClient database,
      TransactionOperations transactions,
      Clock clock) {
    this.table = table;
    this.blobs = blobs;
    this.database = database;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Stores a file that belongs to nothing yet. */
  public void store(String key, byte[] file) {
    add(key);
    blobs.put(key, file);
  }

  /** Stores a file of an owner that belongs to nothing yet. */
  public void store(String key, byte[] file, long owner) {
    database
        .sql("insert into " + table + " (blob_key, since, owner_id) values (?, ?, ?)")
        .params(key, Timestamp.from(clock.instant()), owner)
        .update();
    blobs.put(key, file);
  }

  /**
   * Says, in the transaction of the row, that the file belongs to it now.
   *
   * @return false when it was swept away meanwhile: the request took longer than any should
   */
  public boolean take(String key) {
    return database
            .sql("delete from " + table + " where blob_key = ? and since > " + GIVEN_UP)
            .param(key)
            .update()
        == 1;
  }

  /** Says, in the transaction in which the row lets it go, that the file is no longer needed. */
  public void release(String key) {
    add(key);
  }

  /**
   * The same for files of an owner; they are removed soon after the commit, by a thread of its own.
   */
  public void releaseSoon(List<String> keys, long owner) {
    if (keys.isEmpty()) {
      return;
    }
    database
        .sql(
            "insert into "
                + table
                + " (blob_key, since, owner_id) select key, "
                + GIVEN_UP
                + ", ? from unnest(?::text[]) as key")
        .params(owner, keys.toArray(String[]::new))
        .update();
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            sweepSoon();
          }
        });
  }

  /**
   * Removes a file if it is loose; one that was taken stays. The caller's work is done or refused
   * by then, and must not look otherwise: when this fails, the sweep tries again.
   */
  public void discard(String key) {
    try {
      remove(key, clock.instant().plus(LOOSE_FOR));
    } catch (RuntimeException e) {
      log.warn("{} stays until the next sweep", key, e);
    }
  }

  /** Like {@link #discard} for one that waits for nothing but the database. */
  public void discardSoon(String key) {
    try {
      giveUp(key, clock.instant().plus(LOOSE_FOR));
      sweepSoon();
    } catch (RuntimeException e) {
      log.warn("{} stays until the next sweep", key, e);
    }
  }

  /**
   * Removes what was left loose, by a crash or while the blob store was away. A file that cannot be
   * removed keeps no other; but when the store itself is away, the rest waits for the next sweep.
   *
   * @throws BlobStoreException when a file could not be removed, after the others
   */
  public void sweep() {
    Instant before = clock.instant().minus(LOOSE_FOR);
    sweep(looseSince(before), before);
  }

  /** Sweeps on a thread of its own, which waits for a slow store in the place of the caller. */
  public void sweepSoon() {
    if (sweepIsDue.compareAndSet(false, true)) {
      Thread.ofVirtual().name("loose-blobs").start(this::sweepInTurn);
    }
  }

  /**
   * Removes the files of an owner that were given up.
   *
   * @return whether nothing is loose of this owner any more, such as an upload under way
   * @throws BlobStoreException when a file could not be removed, after the others
   */
  public boolean removeAllOf(long owner) {
    List<String> keys =
        database
            .sql(
                "select blob_key from %s where owner_id = ? and since = %s"
                    .formatted(table, GIVEN_UP))
            .param(owner)
            .query(String.class)
            .list();
    sweep(keys, clock.instant());
    return countOf(owner) == 0;
  }

  /** How many files of an owner are loose. */
  public long countOf(long owner) {
    return database
        .sql("select count(*) from " + table + " where owner_id = ?")
        .param(owner)
        .query(Long.class)
        .single();
  }

  /** How many files are loose. */
  public long count() {
    return database.sql("select count(*) from " + table).query(Long.class).single();
  }

  private void sweepInTurn() {
    sweeping.lock();
    try {
      sweepIsDue.set(false);
      sweep();
    } catch (RuntimeException e) {
      log.warn("The loose files of {} stay until the next sweep", table, e);
    } finally {
      sweeping.unlock();
    }
  }

  private void sweep(List<String> keys, Instant before) {
    BlobStoreException first = null;
    int inARow = 0;
    for (String key : keys) {
      try {
        remove(key, before);
        inARow = 0;
      } catch (BlobStoreException e) {
        log.warn("{} stays until the next sweep: {}", key, e.getMessage());
        first = first == null ? e : first;
        if (++inARow == STORE_IS_AWAY) {
          break;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** In no order, so that those that cannot be removed never keep the others. */
  private List<String> looseSince(Instant before) {
    return database
        .sql("select blob_key from " + table + " where since < ? order by random() limit ?")
        .params(Timestamp.from(before), AT_ONCE)
        .query(String.class)
        .list();
  }

  private void remove(String key, Instant before) {
    if (giveUp(key, before)) {
      blobs.delete(key);
      database.sql("delete from " + table + " where blob_key = ?").param(key).update();
    }
  }

  /** Whether the file is given up: from now on nobody takes it. */
  private boolean giveUp(String key, Instant before) {
    return Boolean.TRUE.equals(
        transactions.execute(
            _ ->
                database
                        .sql(
                            "update %s set since = %s where blob_key = ? and since < ?"
                                .formatted(table, GIVEN_UP))
                        .params(key, Timestamp.from(before))
                        .update()
                    == 1));
  }

  private void add(String key) {
    database
        .sql("insert into " + table + " (blob_key, since) values (?, ?)")
        .params(key, Timestamp.from(clock.instant()))
        .update();
  }
}
