package io.mybella.memory.embedding;

import io.mybella.embedder.SmallEmbedder;
import java.util.List;
import java.util.Optional;

/** A model in this process. It is loaded with the first text. */
final class LocalEmbedder implements Embedder {

  /**
   * Of LoCoMo's questions a half have a turn as near as that in their own conversation, and a tenth
   * in another one.
   */
  private static final float NEAR = 0.85f;

  private final SmallEmbedder embedder;

  LocalEmbedder(SmallEmbedder embedder) {
    this.embedder = embedder;
  }

  @Override
  public String model() {
    return SmallEmbedder.NAME;
  }

  @Override
  public float near() {
    return NEAR;
  }

  @Override
  public List<float[]> ofPassages(List<String> texts) {
    try {
      return texts.stream().map(embedder::ofPassage).toList();
    } catch (IllegalStateException | LinkageError failed) {
      throw new NoVectorException(failed);
    }
  }

  @Override
  public Optional<float[]> ofQuestion(String model, String text) {
    try {
      return model.equals(model()) ? Optional.of(embedder.ofQuestion(text)) : Optional.empty();
    } catch (IllegalStateException | LinkageError failed) {
      throw new NoVectorException(failed);
    }
  }
}
