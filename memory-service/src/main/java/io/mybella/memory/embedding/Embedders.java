package io.mybella.memory.embedding;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.embedder.SmallEmbedder;
import io.mybella.model.EmbeddingModel;
import jakarta.annotation.PreDestroy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Says who makes vectors, if anybody does. */
@Component
public class Embedders {

  private final @Nullable SmallEmbedder small;
  private final @Nullable Embedder embedder;

  Embedders(
      EmbeddingSettings settings,
      JsonMapper json,
      CircuitBreakerRegistry breakers,
      MeterRegistry meters) {
    this.small = settings.kind() == EmbeddingSettings.Kind.LOCAL ? new SmallEmbedder() : null;
    Embedder made =
        switch (settings.kind()) {
          case NONE -> null;
          case LOCAL -> small == null ? null : new LocalEmbedder(small);
          case REMOTE ->
              new RemoteEmbedder(new EmbeddingModel(settings.remote(), json, breakers), settings);
        };
    this.embedder = made == null ? null : new MeasuredEmbedder(made, meters);
  }

  /** Whoever is configured; empty when messages are recalled by their words alone. */
  public Optional<Embedder> configured() {
    return Optional.ofNullable(embedder);
  }

  @PreDestroy
  void close() {
    if (small != null) {
      small.close();
    }
  }
}
