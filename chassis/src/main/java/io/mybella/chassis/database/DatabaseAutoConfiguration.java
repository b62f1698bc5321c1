package io.mybella.chassis.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Migrates the chassis' own tables beside those of the service, and checks the role. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration"
    })
@ConditionalOnClass({Flyway.class, JdbcClient.class})
@ConditionalOnBean(DataSource.class)
class DatabaseAutoConfiguration {

  /** The tables of outbox and inbox have a history of their own, so versions never collide. */
  @Bean
  FlywayMigrationStrategy migrateServiceThenChassis() {
    return service -> {
      service.migrate();
      Flyway.configure()
          .configuration(service.getConfiguration())
          .locations("classpath:db/chassis")
          .table("flyway_chassis_history")
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    };
  }

  @Bean
  ApplicationRoleCheck applicationRoleCheck(JdbcClient database) {
    return new ApplicationRoleCheck(database);
  }
}
