package io.mybella.operator.doctor;

/** A service of the installation. */
public enum Part {
  PERSONA("persona-service", "persona", 8081, 8091),
  MEMORY("memory-service", "memory", 8082, 8092),
  VOICE("voice-service", "voice", 8083, 8093),
  CHAT("chat-service", "", 8084, 8094),
  GATEWAY("gateway", "gateway", 8080, 8090);

  private final String module;
  private final String database;
  private final int port;
  private final int managementPort;

  Part(String module, String database, int port, int managementPort) {
    this.module = module;
    this.database = database;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** Its name. */
  public String module() {
    return module;
  }

  /** The name of its database; empty where it has none. */
  String database() {
    return database;
  }

  int port() {
    return port;
  }

  int managementPort() {
    return managementPort;
  }
}
