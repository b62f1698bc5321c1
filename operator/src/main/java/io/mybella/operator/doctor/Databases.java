package io.mybella.operator.doctor;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Connections as the application's role, with limits. */
final class Databases {

  private Databases() {}

  static Connection connect(Installation.Login login) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "20");
    properties.setProperty("ApplicationName", "doctor");
    Connection connection = DriverManager.getConnection(login.url(), properties);
    connection.setReadOnly(true);
    return connection;
  }
}
