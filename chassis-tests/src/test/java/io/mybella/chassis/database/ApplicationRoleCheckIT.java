package io.mybella.chassis.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ApplicationRoleCheckIT {

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("rolecheck");
  private final JdbcClient owner = client(fresh.ownerUser(), fresh.ownerPassword());
  private final JdbcClient app = client(fresh.appUser(), fresh.appPassword());

  @Test
  void aRoleWithoutPowersMayStart() {
    owner.sql("create table thing (id int)").update();
    assertThatCode(() -> new ApplicationRoleCheck(app).start()).doesNotThrowAnyException();
  }

  @Test
  void theOwnerOfATableMayNot() {
    owner.sql("create table thing (id int)").update();
    assertThatThrownBy(() -> new ApplicationRoleCheck(owner).start())
        .hasMessageContaining("owns thing")
        .hasMessageContaining("MYBELLA_DB_APP_USER");
  }

  @Test
  void aRoleThatMayGoRoundRowSecurityMayNot() throws SQLException {
    String database = fresh.jdbcUrl().replaceAll(".*/", "");
    try (var superuser = PlatformParts.postgres().superuser(database);
        var statement = superuser.createStatement()) {
      statement.execute("create role bypasser bypassrls");
      statement.execute("grant bypasser to rolecheck_app");
      try {
        assertThatThrownBy(() -> new ApplicationRoleCheck(app).start())
            .hasMessageContaining("BYPASSRLS: bypasser");
      } finally {
        statement.execute("drop role bypasser");
      }
    }
  }

  private JdbcClient client(String user, String password) {
    return JdbcClient.create(new DriverManagerDataSource(fresh.jdbcUrl(), user, password));
  }
}
