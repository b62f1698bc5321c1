package io.mybella.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import io.mybella.local.testing.NodeProject;
import io.mybella.local.testing.NodeProject.Run;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What lint, type check and unit tests say of the app; {@code npm test} asks them by hand. */
class NodeChecksTests {

  private static NodeProject app;

  @BeforeAll
  static void installPackages() {
    app = NodeProject.install("web-app", "run", "packages");
  }

  @Test
  void typesAreThoseOfTheLitThatIsServed() throws IOException {
    Path packages = LocalPlatform.projectRoot().resolve("web-app/package.json");
    String version = JsonMapper.shared().readTree(packages).at("/devDependencies/lit").asString();
    assertThat(new Assets().libraries().getFirst().location()).contains("/lit/" + version + "/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lint", "types", "unit"})
  void findNothing(String script) throws IOException {
    try (Run check = app.script(script)) {
      int code = check.exitCode();
      assertThat(code).as("%s%n%s", check.text(), check.log()).isZero();
    }
  }
}
