package io.mybella.persona.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table is this room's: ArchUnit cannot see who else knows its columns. */
class PersonaTableTests {

  private static final Path SOURCES = Path.of("src/main/java/io/mybella/persona");

  /** The table under another name than that of the conditions, or a column of it but the id. */
  private static final Pattern KNOWS_TOO_MUCH =
      Pattern.compile(
          "\\b(from|join|into|update) persona\\b(?! p\\b)|\\bp\\.(?!id\\b)[a-z_]+\\b(?!\\()"
              + "|(?<![.\\w])(owner_user_id|deleted_at|avatar_version|custom_voice_version)\\b");

  @Test
  void noOtherRoomKnowsTheColumnsOfTheTable() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> others =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.startsWith(SOURCES.resolve("catalog")))
              .toList();
      Set<String> found = new TreeSet<>();
      for (Path file : others) {
        KNOWS_TOO_MUCH
            .matcher(Files.readString(file))
            .results()
            .map(MatchResult::group)
            .forEach(text -> found.add(file.getFileName() + ": " + text));
      }
      assertThat(others).hasSizeGreaterThan(30);
      assertThat(found).isEmpty();
    }
  }
}
