package io.mybella.chassis.database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * With {@code MYBELLA_MIGRATIONS=only} the process migrates and ends, as soon as its settings are
 * read: with 0, or with 1 when that failed. Nothing of the service is started, so nothing but the
 * database and its owner's login is needed.
 */
final class MigrationCommand implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

  private static final Logger log = LoggerFactory.getLogger(MigrationCommand.class);

  /** A service without a database does not carry it. */
  private static final boolean DATABASE =
      ClassUtils.isPresent("org.flywaydb.core.Flyway", MigrationCommand.class.getClassLoader());

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent prepared) {
    ConfigurableEnvironment environment = prepared.getEnvironment();
    Migrations when =
        Binder.get(environment)
            .bind("mybella.database.migrations", Migrations.class)
            .orElse(Migrations.START);
    if (when == Migrations.ONLY) {
      System.exit(run(environment) ? 0 : 1);
    }
  }

  /** Returns whether it went well. */
  private static boolean run(ConfigurableEnvironment environment) {
    if (!DATABASE) {
      log.info("This service has no database: nothing to migrate");
      return true;
    }
    try (var context = new AnnotationConfigApplicationContext()) {
      context.setEnvironment(environment);
      context.register(Database.class);
      context.refresh();
      log.info("The database is migrated");
      return true;
    } catch (RuntimeException failed) {
      String cause = NestedExceptionUtils.getMostSpecificCause(failed).getMessage();
      log.error("The database is not migrated: {}", cause, failed);
      return false;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(FlywayAutoConfiguration.class)
  static class Database {

    @Bean
    FlywayMigrationStrategy migrateServiceThenChassis() {
      return ChassisTables::migrateWith;
    }
  }
}
