package io.mybella.chassis.testing;

import io.mybella.local.parts.PostgresPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.util.ClassUtils;

/** Points a service under {@link PlatformTest} to the real parts. */
final class PlatformContextCustomizerFactory implements ContextCustomizerFactory {

  /** A service without events does not carry it. */
  private static final boolean MESSAGING =
      ClassUtils.isPresent("org.springframework.kafka.core.KafkaTemplate", null);

  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
    PlatformTest platform =
        TestContextAnnotationUtils.findMergedAnnotation(testClass, PlatformTest.class);
    return platform == null ? null : new Parts(platform.database());
  }

  /** Equal for tests of the same service, so that their context is shared. */
  private record Parts(String database) implements ContextCustomizer {

    @Override
    public void customizeContext(
        ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
      Map<String, Object> properties = new TreeMap<>();
      if (!database.isEmpty()) {
        PostgresPart.Database fresh = PlatformParts.freshDatabase(database);
        properties.put("spring.datasource.url", fresh.jdbcUrl());
        properties.put("spring.datasource.username", fresh.appUser());
        properties.put("spring.datasource.password", fresh.appPassword());
        properties.put("spring.flyway.user", fresh.ownerUser());
        properties.put("spring.flyway.password", fresh.ownerPassword());
      }
      if (MESSAGING) {
        // The broker lives in this JVM: its log is not the service's.
        List.of("kafka", "state.change.logger", "org.apache.kafka")
            .forEach(logger -> properties.put("logging.level." + logger, "error"));
        properties.put("spring.kafka.bootstrap-servers", PlatformParts.kafka());
      }
      properties.put("mybella.security.jwks-uri", TestTokens.jwksUri());
      properties.put("mybella.operator.token", TestTokens.OPERATOR);
      properties.put("mybella.blobs.folder", temporaryFolder());
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("platform-test", properties));
    }

    private static String temporaryFolder() {
      try {
        var folder = Files.createTempDirectory("mybella-blobs");
        folder.toFile().deleteOnExit();
        return folder.toString();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
