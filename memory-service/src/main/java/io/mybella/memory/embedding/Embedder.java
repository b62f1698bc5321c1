package io.mybella.memory.embedding;

import java.util.List;
import java.util.Optional;

/** Makes vectors of texts: what means alike points alike. */
public interface Embedder {

  /** What vectors are made with now, as it is recorded with each; 200 characters at most. */
  String model();

  /**
   * The cosine from which on a text is taken to bear on a question, even if they have no word in
   * common.
   */
  float near();

  /**
   * Vectors of texts that may be found, in their order.
   *
   * @param texts none of them blank, {@value EmbeddingSettings#MOST} at most
   * @throws NoVectorException when there are none
   */
  List<float[]> ofPassages(List<String> texts);

  /**
   * The vector of what is looked for among vectors of a model.
   *
   * @param model as it was recorded, this one or an earlier one
   * @return empty when this can make none of that model
   * @throws NoVectorException when there is none
   */
  Optional<float[]> ofQuestion(String model, String text);
}
