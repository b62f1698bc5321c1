package io.mybella.chassis.database;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A service whose database somebody else migrates; it never has the owner's login here. */
@ExtendWith(OutputCaptureExtension.class)
class AwaitedMigrationsIT {

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("awaited");
  private final JdbcClient owner =
      JdbcClient.create(
          new DriverManagerDataSource(fresh.jdbcUrl(), fresh.ownerUser(), fresh.ownerPassword()));

  @Test
  void aDatabaseWithoutItsTablesEndsTheStartInPlainWords() {
    service("0s")
        .run(
            context -> {
              assertThat(context.getStartupFailure())
                  .hasRootCauseInstanceOf(MigrationsMissingException.class);
              FailureAnalysis analysis =
                  new MigrationsMissingAnalyzer().analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("V1__note.sql", "V1__outbox_and_inbox.sql", "V3__outbox_by_topic.sql");
              assertThat(analysis.getAction()).contains("MYBELLA_MIGRATIONS=only");
            });
    assertThat(tables()).as("nothing was made").isZero();
  }

  @Test
  void aStartWaitsUntilTheDatabaseIsMigrated(CapturedOutput output) {
    // The last part is late, after the service has begun to look.
    Flyway migrations = migrations();
    migrations.migrate();
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () -> {
              await().until(() -> output.getOut().contains("Waits up to PT1M"));
              ChassisTables.beside(migrations).migrate();
            });
    service("1m")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(late).succeedsWithin(1, SECONDS);
              assertThat(output).contains("V3__outbox_by_topic.sql", "The database is migrated");
            });
  }

  @Test
  void aDatabaseThatIsNewerThanTheServiceIsFine() {
    ChassisTables.migrateWith(migrations());
    owner
        .sql(
            """
            insert into flyway_schema_history
              (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            values (99, '99', 'from the next release', 'SQL', 'V99__from_the_next_release.sql', 1, 'owner', 1, true)
            """)
        .update();
    service("0s").run(context -> assertThat(context).hasNotFailed());
  }

  private ApplicationContextRunner service(String patience) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataSourceAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                FlywayAutoConfiguration.class,
                DatabaseAutoConfiguration.class))
        .withPropertyValues(
            "mybella.database.migrations=none",
            "mybella.database.patience=" + patience,
            "spring.datasource.url=" + fresh.jdbcUrl(),
            "spring.datasource.username=" + fresh.appUser(),
            "spring.datasource.password=" + fresh.appPassword(),
            "spring.flyway.url=" + fresh.jdbcUrl(),
            "spring.flyway.user=" + fresh.ownerUser(),
            "spring.flyway.password=");
  }

  private Flyway migrations() {
    return Flyway.configure()
        .dataSource(fresh.jdbcUrl(), fresh.ownerUser(), fresh.ownerPassword())
        .load();
  }

  private long tables() {
    return owner
        .sql("select count(*) from pg_tables where schemaname = 'public'")
        .query(Long.class)
        .single();
  }
}
