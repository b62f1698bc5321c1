package io.mybella.chassis.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
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
@EnableConfigurationProperties(DatabaseProperties.class)
class DatabaseAutoConfiguration {

  @Bean
  FlywayMigrationStrategy migrations(DatabaseProperties properties) {
    return properties.migrations() == Migrations.NONE
        ? new AwaitedMigrations(properties.patience())
        : ChassisTables::migrateWith;
  }

  /** Looking takes no more than the service's own login. */
  @Bean
  @ConditionalOnProperty(name = "mybella.database.migrations", havingValue = "none")
  FlywayConfigurationCustomizer lookAsTheApplication(DataSource application) {
    return flyway -> flyway.dataSource(application);
  }

  @Bean
  ApplicationRoleCheck applicationRoleCheck(JdbcClient database) {
    return new ApplicationRoleCheck(database);
  }
}
