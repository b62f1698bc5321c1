package io.mybella.operator.importing.delivery;

import io.mybella.operator.PlatformAccess;
import java.net.URI;

/** Where a service takes over what it owns. */
public enum Endpoint {
  /** Accounts: the gateway's. */
  ACCOUNTS("gateway", "accounts"),
  /** Profiles of personas. */
  PERSONAS("persona-service", "personas"),
  /** Pictures of personas, one at a time. */
  PICTURES("persona-service", "pictures"),
  /** Which persona each user talks to. */
  CURRENT("persona-service", "current"),
  /** Voice samples, one at a time. */
  SAMPLES("voice-service", "samples"),
  /** What was said. */
  MESSAGES("memory-service", "messages"),
  /** What was understood of conversations. */
  CONVERSATIONS("memory-service", "conversations"),
  /** What is known of users. */
  PREFERENCES("memory-service", "preferences");

  private final String service;
  private final String path;

  Endpoint(String service, String path) {
    this.service = service;
    this.path = path;
  }

  /** Whose it is. */
  public String service() {
    return service;
  }

  /** Its address. */
  URI address(PlatformAccess platform) {
    URI base =
        switch (service) {
          case "gateway" -> platform.gateway();
          case "persona-service" -> platform.persona();
          case "voice-service" -> platform.voice();
          default -> platform.memory();
        };
    return URI.create(base.toString().replaceAll("/+$", "") + "/internal/import/" + path);
  }
}
