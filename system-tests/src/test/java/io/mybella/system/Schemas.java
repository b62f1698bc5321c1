package io.mybella.system;

import io.mybella.local.LocalPlatform;
import io.mybella.local.testing.NodeProject;
import io.mybella.local.testing.NodeProject.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What others say of the files that are written for them; their packages, installed once. */
final class Schemas {

  private static final String FOLDER = "system-tests/src/test/node/schemas";

  /** Null until its packages are in place. */
  private static Schemas installed;

  private final NodeProject project;

  private Schemas(NodeProject project) {
    this.project = project;
  }

  /** The schemas; without Node or npm's registry the test is skipped, as with all of Node. */
  static synchronized Schemas installed() {
    if (installed == null) {
      installed = new Schemas(NodeProject.install(FOLDER));
    }
    return installed;
  }

  /** A file of one of the packages. */
  static Path file(String path) {
    return LocalPlatform.projectRoot().resolve(FOLDER).resolve("node_modules").resolve(path);
  }

  /**
   * What Kubernetes' schemas have against objects, and which of their fields they do not know.
   *
   * @return a list for each object, empty where it is right
   */
  List<List<String>> kubernetes(List<JsonNode> objects) throws IOException {
    return ask("kubernetes.js", JsonMapper.shared().writeValueAsString(objects))
        .valueStream()
        .map(Schemas::texts)
        .toList();
  }

  /** What the schema of GitHub's workflows has against the text of one. */
  List<String> workflow(String text) throws IOException {
    return texts(ask("workflow.js", text));
  }

  private JsonNode ask(String program, String input) throws IOException {
    Path file = Files.createTempFile("schemas", ".txt");
    try {
      Files.writeString(file, input);
      try (Run run = project.start(Map.of(), List.of(program, file.toString()))) {
        return run.printed();
      }
    } finally {
      Files.delete(file);
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }
}
