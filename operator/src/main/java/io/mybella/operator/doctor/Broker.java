package io.mybella.operator.doctor;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** How the broker is asked, with limits. */
final class Broker {

  private static final int PATIENCE_MILLIS = 8_000;

  private Broker() {}

  static Admin admin(Installation installation) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            installation.broker(),
            AdminClientConfig.CLIENT_ID_CONFIG,
            "doctor",
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            PATIENCE_MILLIS / 2,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            PATIENCE_MILLIS));
  }
}
