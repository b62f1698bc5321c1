package io.mybella.system;

import io.mybella.local.TestPlatform;
import io.mybella.local.testing.NodeProject;
import io.mybella.local.testing.NodeProject.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** The program of {@code examples/node-consumer}, run as its users run it. */
final class NodeExample {

  /** Null until its packages are in place. */
  private static NodeExample installed;

  private final NodeProject project;

  private NodeExample(NodeProject project) {
    this.project = project;
  }

  /** The example with its packages in place; they are installed once. */
  static synchronized NodeExample installed() {
    if (installed == null) {
      installed = new NodeExample(NodeProject.install("examples/node-consumer"));
    }
    return installed;
  }

  /**
   * One run of the program.
   *
   * @param state the file of its read model
   */
  Run start(TestPlatform platform, String group, Path state, String... arguments)
      throws IOException {
    return project.start(
        Map.of(
            "KAFKA_BROKERS", platform.kafkaBootstrapServers(),
            "GROUP", group,
            "STATE", state.toString()),
        Stream.concat(Stream.of("src/main.js"), Arrays.stream(arguments)).toList());
  }

  /** Runs the example's own tests with Node's test runner. */
  Run test() throws IOException {
    return project.test(Map.of());
  }
}
