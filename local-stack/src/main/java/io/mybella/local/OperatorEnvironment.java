package io.mybella.local;

import io.mybella.local.parts.PostgresPart.Database;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Secrets;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** The environment in which an operator's programs find the stack of this machine. */
public final class OperatorEnvironment {

  private static final String HOST = "http://127.0.0.1:";

  private OperatorEnvironment() {}

  /**
   * Addresses and logins, as those programs have them in containers.
   *
   * @param settings the settings in force; what is meant for the services is part of it
   */
  public static Map<String, String> of(Settings settings) {
    Map<String, String> environment = new HashMap<>(settings.forServices());
    for (Service service : Service.values()) {
      String prefix = "MYBELLA_" + service.name();
      environment.putIfAbsent(prefix + "_URL", HOST + settings.get(service.port()));
      environment.put(prefix + "_MANAGEMENT_URL", HOST + settings.get(service.managementPort()));
    }
    environment.put("MYBELLA_KAFKA", "127.0.0.1:" + settings.get(Setting.MYBELLA_KAFKA_PORT));
    if (settings.isOn(Setting.MYBELLA_FAKE_ELEVENLABS)) {
      environment.put(
          "MYBELLA_ELEVENLABS_URL", HOST + settings.get(Setting.MYBELLA_FAKE_ELEVENLABS_PORT));
      environment.put("MYBELLA_ELEVENLABS_API_KEY", LocalPlatform.MADE_UP_KEY);
    }
    Home home = new Home(settings.home());
    // Before the first start there are none, and nobody but the start makes them.
    if (Files.exists(home.secrets())) {
      addLogins(environment, settings, Secrets.of(home.secrets()));
    }
    return environment;
  }

  private static void addLogins(
      Map<String, String> environment, Settings settings, Secrets secrets) {
    for (Service service : Service.values()) {
      if (!service.database().isEmpty()) {
        String prefix = "MYBELLA_" + service.name() + "_DB_";
        Database database =
            Database.of(
                settings.number(Setting.MYBELLA_POSTGRES_PORT),
                service.database(),
                service.database(),
                secrets::password);
        environment.putIfAbsent(prefix + "URL", database.jdbcUrl());
        environment.putIfAbsent(prefix + "APP_USER", database.appUser());
        environment.putIfAbsent(prefix + "APP_PASSWORD", database.appPassword());
      }
    }
  }
}
