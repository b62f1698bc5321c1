package io.mybella.embedder;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.bert.BertFullTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts as the numbers of the pieces of words that a model of the kind of BERT knows. */
final class WordPieces {

  private static final String UNKNOWN = "[UNK]";

  /** So many pieces the model reads, the beginning and the end of the text included. */
  static final int MOST = 512;

  private final Map<String, Long> numbers = new HashMap<>();
  private final BertFullTokenizer tokenizer;

  /**
   * Reads a vocabulary.
   *
   * @param tokenizer as Hugging Face's tokenizers write it
   */
  WordPieces(InputStream tokenizer) throws IOException {
    JsonNode vocabulary = JsonMapper.shared().readTree(tokenizer).at("/model/vocab");
    vocabulary.properties().forEach(each -> numbers.put(each.getKey(), each.getValue().asLong()));
    if (numbers.isEmpty()) {
      throw new IOException("The model has no vocabulary");
    }
    this.tokenizer =
        new BertFullTokenizer(
            DefaultVocabulary.builder()
                .add(List.copyOf(numbers.keySet()))
                .optUnknownToken(UNKNOWN)
                .build(),
            true);
  }

  /** The pieces of a text; of a long one those with which it begins. */
  long[] of(String text) {
    List<String> pieces = tokenizer.tokenize(text);
    int length = Math.min(pieces.size(), MOST - 2);
    long[] read = new long[length + 2];
    read[0] = number("[CLS]");
    for (int i = 0; i < length; i++) {
      read[i + 1] = number(pieces.get(i));
    }
    read[length + 1] = number("[SEP]");
    return read;
  }

  private long number(String piece) {
    Long number = numbers.get(piece);
    return number == null ? numbers.getOrDefault(UNKNOWN, 0L) : number;
  }
}
