package io.mybella.chassis.database;

import org.flywaydb.core.Flyway;

/** The tables of outbox and inbox: with a history of their own, so that versions never collide. */
final class ChassisTables {

  private ChassisTables() {}

  /** Their migrations, in the database of a service and with its login. */
  static Flyway beside(Flyway service) {
    return Flyway.configure()
        .configuration(service.getConfiguration())
        .locations("classpath:db/chassis")
        .table("flyway_chassis_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load();
  }

  /** Migrates the tables of the service, then these. */
  static void migrateWith(Flyway service) {
    service.migrate();
    beside(service).migrate();
  }
}
