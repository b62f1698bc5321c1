package io.mybella.memory.embedding;

import io.mybella.embedder.SmallEmbedder;
import io.mybella.model.EmbeddingModel;
import io.mybella.model.EmbeddingModel.Kind;
import io.mybella.model.EmbeddingProperties;
import io.mybella.model.ModelFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A model behind an address. An earlier one is asked for at the same address, which may have it
 * still.
 */
final class RemoteEmbedder implements Embedder {

  /** Stands between the name and the dimensions, where these are asked for. */
  private static final char DIMENSIONS = '#';

  private final EmbeddingModel models;
  private final EmbeddingProperties properties;
  private final float near;

  RemoteEmbedder(EmbeddingModel models, EmbeddingSettings settings) {
    this.models = models;
    this.properties = settings.remote();
    this.near = settings.near();
  }

  @Override
  public String model() {
    return properties.dimensions() == 0
        ? properties.name()
        : properties.name() + DIMENSIONS + properties.dimensions();
  }

  private static Kind kind(String model) {
    int mark = model.lastIndexOf(DIMENSIONS);
    String dimensions = model.substring(mark + 1);
    return mark > 0 && dimensions.matches("[1-9]\\d{0,3}")
        ? new Kind(model.substring(0, mark), Integer.parseInt(dimensions))
        : new Kind(model, 0);
  }

  @Override
  public float near() {
    return near;
  }

  @Override
  public List<float[]> ofPassages(List<String> texts) {
    return vectors(
        model(),
        texts.stream().map(properties.passagePrefix()::concat).toList(),
        properties.timeout());
  }

  @Override
  public Optional<float[]> ofQuestion(String model, String text) {
    return model.equals(SmallEmbedder.NAME)
        ? Optional.empty()
        : Optional.of(
            vectors(
                    model,
                    List.of(properties.questionPrefix() + text),
                    properties.questionTimeout())
                .getFirst());
  }

  private List<float[]> vectors(String model, List<String> texts, Duration limit) {
    try {
      return models.vectors(kind(model), texts, limit);
    } catch (ModelFailure failed) {
      throw new NoVectorException(failed);
    }
  }
}
