package io.mybella.local.settings;

/**
 * A setting of the local stack, with its default. Each is read from the environment, else from
 * {@code mybella.properties} at the root of the project, under the same name.
 */
public enum Setting {
  MYBELLA_HOME(".mybella", "folder for data, logs and secrets; relative to the project's root"),
  MYBELLA_BIND_ADDRESS("127.0.0.1", "address the gateway listens on; all else stays on 127.0.0.1"),
  MYBELLA_GATEWAY_PORT("8080", "port of the gateway: the web app and the API"),
  MYBELLA_PERSONA_PORT("8081", "port of persona-service"),
  MYBELLA_MEMORY_PORT("8082", "port of memory-service"),
  MYBELLA_VOICE_PORT("8083", "port of voice-service"),
  MYBELLA_CHAT_PORT("8084", "port of chat-service"),
  MYBELLA_FAKE_ELEVENLABS_PORT("8085", "port of the stand-in for ElevenLabs, where it is on"),
  MYBELLA_GATEWAY_MANAGEMENT_PORT("8090", "port of the gateway's health and metrics"),
  MYBELLA_PERSONA_MANAGEMENT_PORT("8091", "port of persona-service's health and metrics"),
  MYBELLA_MEMORY_MANAGEMENT_PORT("8092", "port of memory-service's health and metrics"),
  MYBELLA_VOICE_MANAGEMENT_PORT("8093", "port of voice-service's health and metrics"),
  MYBELLA_CHAT_MANAGEMENT_PORT("8094", "port of chat-service's health and metrics"),
  MYBELLA_POSTGRES_PORT("15432", "port of PostgreSQL"),
  MYBELLA_KAFKA_PORT("19092", "port of Kafka"),
  MYBELLA_FAKE_ELEVENLABS(
      "off", "on: a stand-in speaks, as with --fake-elevenlabs; no key is used"),
  MYBELLA_GATEWAY_HEAP("224m", "largest heap of the gateway"),
  MYBELLA_PERSONA_HEAP("192m", "largest heap of persona-service"),
  MYBELLA_MEMORY_HEAP("192m", "largest heap of memory-service"),
  MYBELLA_VOICE_HEAP("320m", "largest heap of voice-service"),
  MYBELLA_CHAT_HEAP("128m", "largest heap of chat-service"),
  MYBELLA_KAFKA_HEAP("256m", "largest heap of Kafka"),
  MYBELLA_JAVA_OPTIONS("", "more options for the JVM of every service, separated by spaces"),
  MYBELLA_START_LIMIT("600", "seconds that one part may take to become healthy"),
  MYBELLA_SILENCE_LIMIT(
      "60", "seconds without any answer after which a part is ended and started anew"),
  MYBELLA_JIT(
      "quick",
      "quick: compiles once, for quick starts; full: and again with profiles, for long loads"),
  MYBELLA_AOT(
      "on", "on: Kafka and the services start from start caches, made once the machine is idle");

  private final String defaultValue;
  private final String meaning;

  Setting(String defaultValue, String meaning) {
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  /** What holds when nobody sets it. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it is for, in a few words. */
  public String meaning() {
    return meaning;
  }
}
