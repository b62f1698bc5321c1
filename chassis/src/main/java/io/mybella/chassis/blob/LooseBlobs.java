package io.mybella.chassis.blob;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Stored files that no row refers to.
 *
 * <p>A blob store knows no transactions. So a file is written down as loose before it is stored;
 * the row that takes it strikes it off that list, and a row that lets one go puts it there, each in
 * its own transaction. What is on the list is removed: at once after the commit, and by a sweep
 * when that did not happen.
 */
public final class LooseBlobs {

  private static final Logger log = LoggerFactory.getLogger(LooseBlobs.class);

  /** Longer than any request takes from storing a file to committing the row that takes it. */
  private static final Duration LOOSE_FOR = Duration.ofMinutes(10);

  private static final int AT_ONCE = 1000;

  private final String table;
  private final BlobStore blobs;
  private final JdbcClient database;
  private final TransactionOperations transactions;
  private final Clock clock;

  /**
   * The list of one service.
   *
   * @param table where it is kept; with the columns {@code blob_key}, the primary key, and {@code
   *     since}
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

  /**
   * Says, in the transaction of the row, that the file belongs to it now.
   *
   * @return false when it was swept away meanwhile: the request took longer than any should
   */
  public boolean take(String key) {
    return strikeOff(key);
  }

  /** Says, in the transaction in which the row lets it go, that the file is no longer needed. */
  public void release(String key) {
    add(key);
  }

  /**
   * Removes a file if it is loose; one that was taken stays. The caller's work is done or refused
   * by then, and must not look otherwise: when this fails, the sweep tries again.
   */
  public void discard(String key) {
    try {
      remove(key);
    } catch (RuntimeException e) {
      log.warn("{} stays until the next sweep", key, e);
    }
  }

  /** Removes what was left loose, by a crash or while the blob store was away. */
  public void sweep() {
    looseSince(Timestamp.from(clock.instant().minus(LOOSE_FOR))).forEach(this::remove);
  }

  /** How many files are loose. */
  public long count() {
    return database.sql("select count(*) from " + table).query(Long.class).single();
  }

  private List<String> looseSince(Timestamp before) {
    return database
        .sql("select blob_key from " + table + " where since < ? order by since limit ?")
        .params(before, AT_ONCE)
        .query(String.class)
        .list();
  }

  private void remove(String key) {
    transactions.executeWithoutResult(
        _ -> {
          // Whoever wants to take the file waits for this row, and then finds it gone.
          if (strikeOff(key)) {
            blobs.delete(key);
          }
        });
  }

  private void add(String key) {
    database
        .sql("insert into " + table + " (blob_key, since) values (?, ?)")
        .params(key, Timestamp.from(clock.instant()))
        .update();
  }

  private boolean strikeOff(String key) {
    return database.sql("delete from " + table + " where blob_key = ?").param(key).update() == 1;
  }
}
