package io.mybella.system;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The environment variables that each service reads, as {@code docs/configuration.md} has them,
 * which is itself held to the code.
 */
final class SettingNames {

  private static final String EVERY = "every service";

  /** A heading, a variable with its readers, or a property. */
  private static final Pattern HEADING = Pattern.compile("### (.+)");

  private static final Pattern VARIABLE =
      Pattern.compile("\\| `(MYBELLA_[A-Z0-9_]+)` \\| .* \\| ([^|`]+) \\|");

  private static final Pattern PROPERTY = Pattern.compile("\\| `(mybella\\.[a-z0-9.-]+)` \\|.*");

  private final Map<String, Set<String>> byService = new HashMap<>();

  SettingNames() {
    try {
      var lines = Files.readAllLines(LocalPlatform.projectRoot().resolve("docs/configuration.md"));
      String service = "";
      for (String line :
          lines.subList(lines.indexOf("## Environment variables of the services"), lines.size())) {
        var heading = HEADING.matcher(line);
        var variable = VARIABLE.matcher(line);
        var property = PROPERTY.matcher(line);
        if (heading.matches()) {
          service = heading.group(1);
        } else if (variable.matches()) {
          Arrays.stream(variable.group(2).split(", |<br>"))
              .forEach(reader -> add(reader, variable.group(1)));
        } else if (property.matches()) {
          add(service, asVariable(property.group(1)));
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** What a service reads, its own and what all have in common. */
  Set<String> of(String service) {
    Set<String> names = new HashSet<>(byService.getOrDefault(EVERY, Set.of()));
    names.addAll(byService.getOrDefault(service, Set.of()));
    return names;
  }

  /** All services and all of their settings. */
  Map<String, Set<String>> all() {
    return byService.keySet().stream()
        .filter(each -> !each.equals(EVERY))
        .collect(Collectors.toMap(each -> each, this::of));
  }

  private void add(String service, String name) {
    byService.computeIfAbsent(service, _ -> new HashSet<>()).add(name);
  }

  private static String asVariable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
