package io.mybella.memory.embedding;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.memory.embedding.EmbeddingSettings.Kind;
import io.mybella.model.EmbeddingProperties;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** Those that a configured service would have, without a service of their own. */
public final class EmbeddersOfTests {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Embedders LOCAL = of(settings(Kind.LOCAL, "", "unused"));

  private EmbeddersOfTests() {}

  /** The model in this process, which is loaded once. */
  public static Embedders local() {
    return LOCAL;
  }

  /** A model behind an address. */
  public static Embedders remote(String url, String name) {
    return of(settings(Kind.REMOTE, url, name));
  }

  /** Settings with small batches. */
  public static EmbeddingSettings settings(Kind kind, String url, String name) {
    return new EmbeddingSettings(
        kind,
        true,
        2,
        0.9f,
        new EmbeddingProperties(url, "", name, 0, "passage: ", "query: ", LIMIT, LIMIT, LIMIT));
  }

  private static Embedders of(EmbeddingSettings settings) {
    return new Embedders(
        settings,
        JsonMapper.shared(),
        CircuitBreakerRegistry.ofDefaults(),
        new SimpleMeterRegistry());
  }
}
