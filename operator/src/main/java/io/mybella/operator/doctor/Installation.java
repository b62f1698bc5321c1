package io.mybella.operator.doctor;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the parts of an installation are, and how to get in. Every value is a setting with the
 * default of the local stack; {@code docs/configuration.md} lists them.
 */
public final class Installation {

  private final Map<String, String> settings;

  /**
   * An installation.
   *
   * @param settings by the names of the environment, such as {@code MYBELLA_GATEWAY_URL}; what is
   *     blank counts as missing
   */
  public Installation(Map<String, String> settings) {
    this.settings = Map.copyOf(settings);
  }

  /** The address of a service's API. */
  URI api(Part part) {
    return URI.create(get("MYBELLA_" + part.name() + "_URL", "http://127.0.0.1:" + part.port()));
  }

  /** The address of a service's health and metrics. */
  URI management(Part part) {
    return URI.create(
        get(
            "MYBELLA_" + part.name() + "_MANAGEMENT_URL",
            "http://127.0.0.1:" + part.managementPort()));
  }

  /** How the application's role gets into the database of a service that has one. */
  Login login(Part part) {
    String prefix = "MYBELLA_" + part.name() + "_DB_";
    return new Login(
        get(prefix + "URL", "jdbc:postgresql://127.0.0.1:15432/" + part.database()),
        get(prefix + "APP_USER", part.database() + "_app"),
        get(prefix + "APP_PASSWORD", ""));
  }

  /** The services that have a database. */
  static List<Part> withDatabase() {
    return Arrays.stream(Part.values()).filter(part -> !part.database().isEmpty()).toList();
  }

  /** What Kafka clients connect to. */
  String broker() {
    return get("MYBELLA_KAFKA", "127.0.0.1:19092");
  }

  /** The partitions that topics are made with. */
  int partitions() {
    return Integer.parseInt(get("MYBELLA_EVENTS_PARTITIONS", "6"));
  }

  /** The address that people open in their browsers, where it is another one than the gateway's. */
  Optional<URI> publicAddress() {
    return find("MYBELLA_PUBLIC_URL").map(URI::create);
  }

  /** ElevenLabs, where a key is set. */
  Optional<Endpoint> elevenLabs() {
    return find("MYBELLA_ELEVENLABS_API_KEY")
        .map(key -> new Endpoint(get("MYBELLA_ELEVENLABS_URL", "https://api.elevenlabs.io"), key));
  }

  /** The language model, where one is set; its key may be empty. */
  Optional<Endpoint> model() {
    return find("MYBELLA_MODEL_BASE_URL")
        .map(url -> new Endpoint(url, get("MYBELLA_MODEL_API_KEY", "")));
  }

  /** The name of the model. */
  String modelName() {
    return get("MYBELLA_MODEL_NAME", "gpt-4o-mini");
  }

  private String get(String name, String otherwise) {
    return find(name).orElse(otherwise);
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(settings.get(name)).filter(value -> !value.isBlank());
  }

  /**
   * A login of a database.
   *
   * @param url the JDBC address
   * @param user the role
   * @param password its password
   */
  record Login(String url, String user, String password) {
    @Override
    public String toString() {
      return user + " at " + url;
    }
  }

  /**
   * Something outside of the platform.
   *
   * @param url where it is
   * @param key what opens it
   */
  record Endpoint(String url, String key) {

    /** An address below it. */
    URI at(String path) {
      return URI.create(url.replaceFirst("/+$", "") + path);
    }

    @Override
    public String toString() {
      return url;
    }
  }
}
