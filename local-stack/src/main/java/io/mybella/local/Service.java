package io.mybella.local;

import io.mybella.local.settings.Setting;
import java.nio.file.Path;

/** The services of the platform, in the order in which they are started; they end in reverse. */
public enum Service {
  PERSONA(
      "persona-service",
      "persona",
      Setting.MYBELLA_PERSONA_PORT,
      Setting.MYBELLA_PERSONA_MANAGEMENT_PORT,
      Setting.MYBELLA_PERSONA_HEAP),
  MEMORY(
      "memory-service",
      "memory",
      Setting.MYBELLA_MEMORY_PORT,
      Setting.MYBELLA_MEMORY_MANAGEMENT_PORT,
      Setting.MYBELLA_MEMORY_HEAP),
  VOICE(
      "voice-service",
      "voice",
      Setting.MYBELLA_VOICE_PORT,
      Setting.MYBELLA_VOICE_MANAGEMENT_PORT,
      Setting.MYBELLA_VOICE_HEAP),
  CHAT(
      "chat-service",
      "",
      Setting.MYBELLA_CHAT_PORT,
      Setting.MYBELLA_CHAT_MANAGEMENT_PORT,
      Setting.MYBELLA_CHAT_HEAP),
  GATEWAY(
      "gateway",
      "gateway",
      Setting.MYBELLA_GATEWAY_PORT,
      Setting.MYBELLA_GATEWAY_MANAGEMENT_PORT,
      Setting.MYBELLA_GATEWAY_HEAP);

  private final String module;
  private final String database;
  private final Setting port;
  private final Setting managementPort;
  private final Setting heap;

  Service(String module, String database, Setting port, Setting managementPort, Setting heap) {
    this.module = module;
    this.database = database;
    this.port = port;
    this.managementPort = managementPort;
    this.heap = heap;
  }

  /** The module's name, which is also the name of the part and of the application. */
  public String module() {
    return module;
  }

  /** The name of its database; empty for a service that has none. */
  public String database() {
    return database;
  }

  Setting port() {
    return port;
  }

  /** The port of its health and metrics. */
  Setting managementPort() {
    return managementPort;
  }

  Setting heap() {
    return heap;
  }

  /** Where the build leaves its jar. */
  Path jar(Path root) {
    return root.resolve(module).resolve("target").resolve(module + ".jar");
  }
}
