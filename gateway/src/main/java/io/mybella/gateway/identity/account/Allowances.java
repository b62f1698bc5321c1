package io.mybella.gateway.identity.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Allowances that all replicas share. An allowance is one row with the time at which it will be
 * whole again (the generic cell rate algorithm, ITU-T I.371): taking from it moves that time away,
 * and one that would lie further away than the window is refused. Time is the database's, so the
 * clocks of replicas do not matter.
 */
@Component
class Allowances {

  /** Half a thousandth of a second: what rounding may add up to. */
  private static final double ROUNDING = 5e-4;

  private final JdbcClient database;
  private final TransactionTemplate transaction;

  Allowances(JdbcClient database, PlatformTransactionManager transactions) {
    this.database = database;
    this.transaction = new TransactionTemplate(transactions);
    // What was counted stays counted, whatever becomes of the transaction of a caller.
    this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  /**
   * So many within a window.
   *
   * @param key hash of what is counted
   */
  record Allowance(String key, int capacity, Duration window) {

    static Allowance of(String counted, int capacity, Duration window) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(counted.getBytes(UTF_8));
        return new Allowance(HexFormat.of().formatHex(hash), capacity, window);
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    /** How long it takes until one that was taken is back. */
    private double step() {
      return window.toNanos() / 1e9 / capacity;
    }
  }

  /**
   * Takes one from each, or none at all when one of them is used up.
   *
   * @return for each that is used up, how long to wait; empty when all was taken
   */
  Map<Allowance, Duration> take(List<Allowance> allowances) {
    return transaction.execute(
        status -> {
          Map<String, Double> whole = move(allowances, 1);
          Map<Allowance, Duration> usedUp =
              allowances.stream()
                  .filter(each -> excess(each, whole) > ROUNDING)
                  .collect(
                      Collectors.toMap(
                          each -> each,
                          each -> Duration.ofMillis((long) Math.ceil(excess(each, whole) * 1e3))));
          if (!usedUp.isEmpty()) {
            status.setRollbackOnly();
          }
          return usedUp;
        });
  }

  /** Gives back what {@link #take} took. */
  void giveBack(List<Allowance> allowances) {
    transaction.executeWithoutResult(_ -> move(allowances, -1));
  }

  /** Forgets allowances that are whole: they are as good as never touched. */
  @Scheduled(fixedDelay = 300_000, initialDelay = 300_000)
  void forgetWhole() {
    database.sql("delete from sign_in_allowance where whole_at < now()").update();
  }

  private static double excess(Allowance allowance, Map<String, Double> whole) {
    return whole.getOrDefault(allowance.key(), 0.0) - allowance.window().toNanos() / 1e9;
  }

  /** By key, in how many seconds each will be whole. Rows are locked in the order of their keys. */
  private Map<String, Double> move(List<Allowance> allowances, int direction) {
    return database
        .sql(
            """
            insert into sign_in_allowance as spent (key, whole_at)
            select key, now() + make_interval(secs => step)
              from unnest(:keys, :steps) as asked (key, step) order by key
            on conflict (key) do update
               set whole_at = greatest(spent.whole_at, now()) + (excluded.whole_at - now())
            returning key, extract(epoch from whole_at - now())::float8
            """)
        .param("keys", allowances.stream().map(Allowance::key).toArray(String[]::new))
        .param(
            "steps",
            allowances.stream().map(each -> each.step() * direction).toArray(Double[]::new))
        .query((row, _) -> Map.entry(row.getString(1), row.getDouble(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
