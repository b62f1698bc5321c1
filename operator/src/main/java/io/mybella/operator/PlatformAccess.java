package io.mybella.operator;

import java.net.URI;
import java.util.Map;

/**
 * Where the services of a platform answer whoever runs it, and the token that they ask for.
 *
 * @param gateway the gateway's port of the API; its accounts are reached there, and nothing else
 * @param persona persona-service
 * @param memory memory-service
 * @param voice voice-service
 * @param token the operator's token; empty where none is known, and then nobody is let in
 */
public record PlatformAccess(URI gateway, URI persona, URI memory, URI voice, String token) {

  /** The setting that has the token. */
  public static final String TOKEN = "MYBELLA_OPERATOR_TOKEN";

  /**
   * Reads the addresses as the services themselves do, and the token, from the environment.
   *
   * @param environment names and values; an address that is missing is that of the local stack
   * @throws IllegalArgumentException when an address is none; the message names the setting
   */
  public static PlatformAccess of(Map<String, String> environment) {
    return new PlatformAccess(
        address(environment, "MYBELLA_GATEWAY_URL", "http://127.0.0.1:8080"),
        address(environment, "MYBELLA_PERSONA_URL", "http://127.0.0.1:8081"),
        address(environment, "MYBELLA_MEMORY_URL", "http://127.0.0.1:8082"),
        address(environment, "MYBELLA_VOICE_URL", "http://127.0.0.1:8083"),
        environment.getOrDefault(TOKEN, "").strip());
  }

  private static URI address(Map<String, String> environment, String name, String usual) {
    String given = environment.getOrDefault(name, "").strip();
    URI address = URI.create(given.isEmpty() ? usual : given);
    if (address.getHost() == null || address.getScheme() == null) {
      throw new IllegalArgumentException(
          name + " is \"" + given + "\", but must be an address such as " + usual);
    }
    return address;
  }

  /** Without the token: this is written to logs. */
  @Override
  public String toString() {
    return "PlatformAccess[gateway=%s, persona=%s, memory=%s, voice=%s]"
        .formatted(gateway, persona, memory, voice);
  }
}
