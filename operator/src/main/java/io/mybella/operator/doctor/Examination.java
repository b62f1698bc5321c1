package io.mybella.operator.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** All checks, one after the other, so that they do not disturb what they measure. */
final class Examination {

  /** Longer than the waits of any check. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final List<Check> checks;
  private final Duration limit;

  Examination(List<Check> checks) {
    this(checks, LIMIT);
  }

  Examination(List<Check> checks, Duration limit) {
    this.checks = List.copyOf(checks);
    this.limit = limit;
  }

  /**
   * Looks at everything. A check that fails or takes too long is a finding, and the others go on.
   *
   * @param progress is told the name of each check before it begins
   */
  List<Finding> run(Consumer<String> progress) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks) {
      progress.accept(check.name());
      findings.addAll(look(check));
    }
    return findings;
  }

  private List<Finding> look(Check check) throws InterruptedException {
    // Not closed: that would wait for a check which does not end.
    ExecutorService one = Executors.newVirtualThreadPerTaskExecutor();
    Future<List<Finding>> looking = one.submit(check::look);
    try {
      return looking.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return List.of(
          check
              .about("")
              .failed(
                  "No answer within %d s".formatted(limit.toSeconds()),
                  "Run this once more; if it stays so, look at the logs of the services."));
    } catch (ExecutionException e) {
      return List.of(
          check
              .about("")
              .failed(
                  Reasons.of(e.getCause()),
                  "Could not be looked at. Is the platform up, and are the addresses and logins"
                      + " right?"));
    } finally {
      one.shutdownNow();
    }
  }
}
