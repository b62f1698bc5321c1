package io.mybella.load;

import io.mybella.local.LocalPlatform;
import io.mybella.local.RunningStack;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Secrets;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The platform that runs on this machine with the settings in force. */
public final class MeasuredPlatform {

  private static final String SUPERUSER = "postgres";

  private final Settings settings;
  private final Home home;

  private MeasuredPlatform(Settings settings) {
    this.settings = settings;
    this.home = new Home(settings.home());
  }

  /**
   * The one that the environment and {@code mybella.properties} tell of. Says so when it makes
   * start caches meanwhile, which takes what the figures lack.
   */
  public static MeasuredPlatform ofSettings() {
    var platform =
        new MeasuredPlatform(Settings.read(LocalPlatform.projectRoot(), System.getenv()));
    if (new RunningStack(platform.home).makesCaches()) {
      System.err.println("Start caches are being made beside it: figures say little until then.");
    }
    return platform;
  }

  /** A TCP port of 127.0.0.1. */
  public int port(Setting setting) {
    return settings.number(setting);
  }

  /** Where the gateway answers. */
  public String gateway() {
    return "http://127.0.0.1:" + port(Setting.MYBELLA_GATEWAY_PORT);
  }

  /** New accounts. */
  public List<Session> register(int accounts) throws IOException, InterruptedException {
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      sessions.add(Session.register(gateway()));
    }
    return sessions;
  }

  /**
   * Everything in a database, past the rights of its service.
   *
   * @throws IllegalStateException when the platform was never started
   */
  public Connection superuser(String database) throws SQLException {
    if (!Files.exists(home.secrets())) {
      throw new IllegalStateException("There is no platform in " + home.folder());
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s"
            .formatted(port(Setting.MYBELLA_POSTGRES_PORT), database),
        SUPERUSER,
        Secrets.of(home.secrets()).password(SUPERUSER));
  }

  /**
   * The process id of a part.
   *
   * @throws IllegalStateException when it does not run
   */
  public long pid(String part) {
    return RunRecord.read(home.run(), part)
        .flatMap(RunRecord::living)
        .orElseThrow(() -> new IllegalStateException(part + " does not run in " + home.folder()))
        .pid();
  }
}
