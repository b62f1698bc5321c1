package io.mybella.operator.importing;

import io.mybella.operator.importing.Workbench.Pair;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Deals with pairs side by side, each of them by one thread in its order: a service takes a pair's
 * messages one batch after the other anyway.
 */
final class Lanes {

  /** As many batches as memory-service stores at a time. */
  private static final int MOST = 3;

  private final Workbench bench;
  private final AtomicBoolean failed = new AtomicBoolean();
  private long last;

  Lanes(Workbench bench) {
    this.bench = bench;
  }

  /** Deals with one pair, reading from a connection of its own. */
  @FunctionalInterface
  interface Work {
    void on(Pair pair, Connection connection)
        throws SQLException, PlatformUnavailable, InterruptedException;
  }

  /**
   * Deals with all pairs; returns when the last one is done.
   *
   * @throws PlatformUnavailable when it was for one of them; the others are ended as well
   */
  void each(Work work) throws SQLException, PlatformUnavailable, InterruptedException {
    last = 0;
    List<Future<?>> lanes = new ArrayList<>();
    // Not virtual ones: SQLite would hold their carriers.
    try (ExecutorService threads = Executors.newFixedThreadPool(MOST)) {
      for (int i = 0; i < MOST; i++) {
        lanes.add(
            threads.submit(
                () -> {
                  run(work);
                  return null;
                }));
      }
    }
    for (Future<?> lane : lanes) {
      try {
        lane.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case SQLException failure -> throw failure;
          case PlatformUnavailable failure -> throw failure;
          case InterruptedException failure -> throw failure;
          case null, default -> throw new IllegalStateException(e.getCause());
        }
      }
    }
  }

  private void run(Work work) throws SQLException, PlatformUnavailable, InterruptedException {
    boolean done = false;
    try (Connection connection = bench.legacy().connect()) {
      Optional<Pair> next = next(connection);
      while (next.isPresent() && !failed.get()) {
        work.on(next.get(), connection);
        next = next(connection);
      }
      done = true;
    } finally {
      if (!done) {
        failed.set(true);
      }
    }
  }

  private synchronized Optional<Pair> next(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT %s FROM %s WHERE p.id > ? ORDER BY p.id LIMIT 1"
                .formatted(Workbench.PAIR_COLUMNS, Workbench.PAIRS))) {
      query.setLong(1, last);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        Pair pair = Workbench.pair(rows);
        last = pair.id();
        return Optional.of(pair);
      }
    }
  }
}
