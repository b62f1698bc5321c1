package io.mybella.system;

import io.mybella.local.LocalPlatform;
import io.mybella.local.TestPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the running platform: real PostgreSQL, real Kafka and the service jars of the build,
 * on free ports and with empty data. It is started for the first test that asks and runs until the
 * last one of the JVM has ended.
 */
public final class PlatformExtension implements ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(PlatformExtension.class);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "MYBELLA_START_LIMIT", "300",
          // The largest heap is the users'; the way there and full collections for compiled code,
          // which would be in vain, are spared.
          "MYBELLA_JAVA_OPTIONS", "-Xms112m -XX:ReservedCodeCacheSize=240m",
          // Nobody wants to wait for the partitions of the instances that are killed.
          "MYBELLA_KAFKA_SESSION_MS", "10000",
          // Recorded is what a test asks for by its own traceparent.
          "MYBELLA_TRACES_SAMPLED", "0",
          // What hundreds of registrations would otherwise spend most of the gateway's time on.
          "MYBELLA_GATEWAY_ACCOUNT_HASHINGMEMORY", System.getProperty("hashing.memory", "16MB"),
          // All tests register from one address, more accounts than people would.
          "MYBELLA_GATEWAY_ACCOUNT_REGISTRATIONSPERADDRESS", "100000");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestPlatform.class || type == SpanCollector.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == SpanCollector.class ? spans(test) : platform(test);
  }

  /** Gets the spans of the platform. */
  private static SpanCollector spans(ExtensionContext test) {
    return test.getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(SpanCollector.class, _ -> new SpanCollector(), SpanCollector.class);
  }

  /** The one platform of this JVM. */
  static TestPlatform platform(ExtensionContext test) {
    SpanCollector spans = spans(test);
    // JUnit closes what its root store holds when all tests have ended.
    return test.getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(TestPlatform.class, _ -> start(spans), TestPlatform.class);
  }

  private static TestPlatform start(SpanCollector spans) {
    Path home = LocalPlatform.projectRoot().resolve("system-tests/target/platform");
    clear(home);
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("MYBELLA_TRACES_ENDPOINT", spans.endpoint());
    return TestPlatform.start(TestPlatform.onFreePorts(home, settings), System.out::println);
  }

  private static void clear(Path home) {
    if (!Files.exists(home)) {
      return;
    }
    try (Stream<Path> old = Files.walk(home)) {
      for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Data of an earlier run cannot be removed", e);
    }
  }
}
