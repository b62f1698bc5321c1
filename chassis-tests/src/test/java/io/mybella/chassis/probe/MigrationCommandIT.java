package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.ChildJvm;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A service that migrates and ends, in a process of its own: it has the owner's login alone, and
 * there is no broker.
 */
class MigrationCommandIT {

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("migrated");

  @TempDir Path folder;

  @Test
  void theDatabaseIsMigratedAndTheProcessEndsWell() throws Exception {
    assertThat(run(fresh.ownerPassword()))
        .contains("The database is migrated", "exit code 0")
        .doesNotContain("Tomcat", "Kafka", "Hikari");
    var app =
        JdbcClient.create(
            new DriverManagerDataSource(fresh.jdbcUrl(), fresh.appUser(), fresh.appPassword()));
    assertThat(app.sql("select count(*) from note").query(Long.class).single()).isZero();
    assertThat(app.sql("select count(*) from outbox_event").query(Long.class).single()).isZero();
  }

  @Test
  void whatCannotBeMigratedIsSaidAndTheProcessEndsWithOne() throws Exception {
    assertThat(run("wrong"))
        .contains("The database is not migrated: ", "password authentication failed")
        .contains("exit code 1");
  }

  /** What it wrote, and its exit code. */
  private String run(String ownerPassword) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--spring.datasource.url=" + fresh.jdbcUrl());
    arguments.add("--spring.flyway.user=" + fresh.ownerUser());
    arguments.add("--spring.flyway.password=" + ownerPassword);
    arguments.add("--spring.flyway.connect-retries=0");
    arguments.add("--spring.kafka.bootstrap-servers=127.0.0.1:1");
    var command =
        new ProcessBuilder(ChildJvm.command(ProbeApplication.class, List.of(), arguments));
    command.environment().put("MYBELLA_MIGRATIONS", "only");
    return ChildJvm.outcome(command, folder, Duration.ofMinutes(3));
  }
}
