package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of the images without Docker, which builds them. */
class ImageBuildTests {

  private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");

  private static final Pattern BUILT = Pattern.compile("\n +(SERVICE|target): ([a-z-]+)\n");

  private final Path root = LocalPlatform.projectRoot();

  /** Maven reads the description of each, also of those that are not built. */
  @Test
  void theBuildOfTheImagesSeesEveryModule() throws IOException {
    List<String> modules =
        MODULE
            .matcher(Files.readString(root.resolve("pom.xml")))
            .results()
            .map(found -> found.group(1))
            .toList();
    List<String> seen = Files.readAllLines(root.resolve(".dockerignore"));
    assertThat(modules)
        .isNotEmpty()
        .allSatisfy(
            module -> assertThat(seen).containsAnyOf("!" + module, "!" + module + "/pom.xml"));
  }

  @Test
  void whatComposeBuildsIsAStageAndAModule() throws IOException {
    String compose = Files.readString(root.resolve("docker-compose.yml"));
    String dockerfile = Files.readString(root.resolve("Dockerfile"));
    // The operator's image serves several commands.
    List<String> stages =
        BUILT.matcher(compose).results().map(found -> found.group(2)).distinct().toList();
    assertThat(stages).contains("fake-elevenlabs", "operator", "voice-service").hasSize(7);
    assertThat(dockerfile).contains(" AS fake-elevenlabs\n", " AS operator\n");
    for (String stage : stages) {
      assertThat(dockerfile).containsPattern("-pl ([a-z-]+,)*" + stage + "[, ]");
    }
  }
}
