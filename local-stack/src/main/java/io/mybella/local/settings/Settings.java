package io.mybella.local.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings in force: the environment, else {@code mybella.properties}, else the default.
 *
 * <p>Names that start with {@code MYBELLA_} and are no {@link Setting} are meant for the services
 * and handed to them as they are.
 */
public final class Settings {

  private static final String PREFIX = "MYBELLA_";
  private static final Pattern HEAP = Pattern.compile("[1-9][0-9]*[mMgG]");

  private final Path root;
  private final Map<String, String> given;

  private Settings(Path root, Map<String, String> given) {
    this.root = root;
    this.given = given;
    for (Setting setting : Setting.values()) {
      check(setting);
    }
  }

  /**
   * Reads the settings of a project.
   *
   * @param root the project's root folder
   * @param environment the environment variables
   * @throws IllegalArgumentException when a value cannot be used; the message names the setting
   */
  public static Settings read(Path root, Map<String, String> environment) {
    Map<String, String> given = new TreeMap<>();
    Path file = root.resolve("mybella.properties");
    if (Files.exists(file)) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file, e);
      }
      for (String name : properties.stringPropertyNames()) {
        if (!name.startsWith(PREFIX)) {
          throw new IllegalArgumentException(
              file + ": " + name + " is no setting; all names start with " + PREFIX);
        }
        given.put(name, properties.getProperty(name).strip());
      }
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !value.isBlank()) {
            given.put(name, value);
          }
        });
    return new Settings(root, given);
  }

  /**
   * These settings with others in their place.
   *
   * @param others values by name
   */
  public Settings with(Map<String, String> others) {
    Map<String, String> all = new TreeMap<>(given);
    all.putAll(others);
    return new Settings(root, all);
  }

  /** The settings of the stack itself, without what is meant for the services. */
  public Settings withoutServices() {
    Map<String, String> own = new TreeMap<>(given);
    own.keySet().removeAll(forServices().keySet());
    return new Settings(root, own);
  }

  /** The value in force. */
  public String get(Setting setting) {
    return given.getOrDefault(setting.name(), setting.defaultValue());
  }

  /** The value in force as a number. */
  public int number(Setting setting) {
    return Integer.parseInt(get(setting));
  }

  /** Whether a setting that is on or off is on. */
  public boolean isOn(Setting setting) {
    return get(setting).equals("on");
  }

  /** The project's root folder. */
  public Path root() {
    return root;
  }

  /** The folder for data, logs and secrets, as an absolute path. */
  public Path home() {
    return root.resolve(get(Setting.MYBELLA_HOME)).toAbsolutePath().normalize();
  }

  /** What is meant for the services: everything given that is no setting of the stack itself. */
  public Map<String, String> forServices() {
    Map<String, String> rest = new TreeMap<>(given);
    for (Setting setting : Setting.values()) {
      rest.remove(setting.name());
    }
    return rest;
  }

  private void check(Setting setting) {
    String value = get(setting);
    String name = setting.name();
    if (name.endsWith("_PORT")) {
      requireNumber(name, value, 1, 65_535);
    } else if (name.endsWith("_LIMIT")) {
      requireNumber(name, value, 1, 3_600);
    } else if (name.endsWith("_HEAP") && !HEAP.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name + " is \"" + value + "\", but must be a size such as 192m or 1g");
    } else if (setting == Setting.MYBELLA_AOT || setting == Setting.MYBELLA_FAKE_ELEVENLABS) {
      requireOneOf(name, value, "on", "off");
    } else if (setting == Setting.MYBELLA_JIT) {
      requireOneOf(name, value, "quick", "full");
    }
  }

  private static void requireOneOf(String name, String value, String one, String other) {
    if (!value.equals(one) && !value.equals(other)) {
      throw new IllegalArgumentException(
          name + " is \"" + value + "\", but must be " + one + " or " + other);
    }
  }

  private static void requireNumber(String name, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is \"" + value + "\", but must be a number", e);
    }
    throw new IllegalArgumentException(
        name + " is " + value + ", but must be from " + least + " to " + most);
  }
}
