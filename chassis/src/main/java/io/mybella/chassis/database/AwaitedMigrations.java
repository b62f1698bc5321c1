package io.mybella.chassis.database;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;

/**
 * Migrates nothing, but lets the service start only once somebody else has. A database that is
 * newer than the service is fine: that is how a rolling upgrade begins.
 */
final class AwaitedMigrations implements FlywayMigrationStrategy {

  private static final Logger log = LoggerFactory.getLogger(AwaitedMigrations.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Duration patience;

  /**
   * @param patience how long to wait before {@link MigrationsMissingException}
   */
  AwaitedMigrations(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void migrate(Flyway service) {
    List<String> missing = missing(service);
    if (!missing.isEmpty()) {
      log.warn("Waits up to {} for the migrations {} of the database", patience, missing);
      await(service);
      log.info("The database is migrated");
    }
  }

  private void await(Flyway service) {
    var policy =
        RetryPolicy.builder()
            .includes(MigrationsMissingException.class)
            .delay(PAUSE)
            .maxRetries(patience.dividedBy(PAUSE))
            .build();
    new RetryTemplate(policy).invoke(() -> check(service));
  }

  private static void check(Flyway service) {
    List<String> missing = missing(service);
    if (!missing.isEmpty()) {
      throw new MigrationsMissingException(missing);
    }
  }

  private static List<String> missing(Flyway service) {
    return Stream.of(service, ChassisTables.beside(service))
        .flatMap(flyway -> Arrays.stream(flyway.info().pending()))
        .map(migration -> migration.getScript())
        .toList();
  }
}
