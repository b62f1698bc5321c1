package io.mybella.operator.doctor;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/**
 * Whether each database can be reached and has the tables of this version. The migrations of the
 * services are copied into this program when it is built.
 */
final class DatabasesCheck implements Check {

  private static final String MIGRATIONS = "classpath:io/mybella/operator/doctor/migrations/";

  private final Installation installation;

  DatabasesCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "databases";
  }

  @Override
  public List<Finding> look() {
    return Installation.withDatabase().stream().map(this::look).toList();
  }

  private Finding look(Part part) {
    Finding.About about = about(part.database());
    Installation.Login login = installation.login(part);
    try (var connection = Databases.connect(login)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      List<MigrationInfo> known =
          Map.of(part.database(), "flyway_schema_history", "chassis", "flyway_chassis_history")
              .entrySet()
              .stream()
              .flatMap(set -> Arrays.stream(migrations(login, set.getKey(), set.getValue())))
              // Those that are repeated depend on settings of the service, which looks itself.
              .filter(migration -> migration.getVersion() != null)
              .toList();
      return judge(about, version, known);
    } catch (SQLException e) {
      return about.failed(
          Reasons.of(e),
          "Is PostgreSQL up, and are the address, the role and its password the ones of the"
              + " services?");
    } catch (FlywayException e) {
      return about.failed(
          "its migrations cannot be read: " + Reasons.of(e),
          "The service has never migrated it: start the service, or run it with"
              + " MYBELLA_MIGRATIONS=only.");
    }
  }

  private static Finding judge(Finding.About about, int version, List<MigrationInfo> known) {
    List<String> failed = scripts(known, MigrationState::isFailed);
    if (!failed.isEmpty()) {
      return about.failed(
          "migrations failed: " + String.join(", ", failed),
          "The log of the service that migrates says why; see docs/operations.md, Migrations.");
    }
    List<String> pending =
        scripts(known, state -> state == MigrationState.PENDING || state == MigrationState.IGNORED);
    if (!pending.isEmpty()) {
      return about.failed(
          "migrations are missing: " + String.join(", ", pending),
          "Start the service of this version, or run it with MYBELLA_MIGRATIONS=only.");
    }
    long newer = known.stream().filter(migration -> isNewer(migration.getState())).count();
    return newer > 0
        ? about.warning(
            "it is newer than this program by %d migrations".formatted(newer),
            "Run the doctor of the version that is installed.")
        : about.ok("PostgreSQL %d, %d migrations".formatted(version, known.size()));
  }

  private static boolean isNewer(MigrationState state) {
    return state == MigrationState.FUTURE_SUCCESS || state == MigrationState.FUTURE_FAILED;
  }

  private static List<String> scripts(List<MigrationInfo> known, Predicate<MigrationState> which) {
    return known.stream()
        .filter(migration -> which.test(migration.getState()))
        .map(MigrationInfo::getScript)
        .toList();
  }

  private static MigrationInfo[] migrations(
      Installation.Login login, String which, String history) {
    return Flyway.configure()
        .dataSource(login.url(), login.user(), login.password())
        .connectRetries(0)
        .locations(MIGRATIONS + which)
        .table(history)
        .placeholderReplacement(false)
        .load()
        .info()
        .all();
  }
}
