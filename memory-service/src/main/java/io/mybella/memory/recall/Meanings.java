package io.mybella.memory.recall;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.memory.embedding.Embedder;
import io.mybella.memory.embedding.Embedders;
import io.mybella.memory.embedding.NoVectorException;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.recall.Asked.Meaning;
import io.mybella.memory.vector.ByteVector;
import io.mybella.memory.vector.VectorRequests;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds out what questions mean, where somebody makes vectors; else, and while nobody can, they are
 * answered by their words.
 */
@Component
class Meanings {

  private static final Logger log = LoggerFactory.getLogger(Meanings.class);

  /** How often vectors are asked for that a history lacks, by its being asked. */
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private static final int HISTORIES = 10_000;

  private final Optional<Embedder> embedder;
  private final VectorRequests requests;
  private final PersonaScope scope;
  private final Cache<PairId, Boolean> requested =
      Caffeine.newBuilder().maximumSize(HISTORIES).expireAfterWrite(PAUSE).build();

  Meanings(Embedders embedders, VectorRequests requests, PersonaScope scope) {
    this.embedder = embedders.configured();
    this.requests = requests;
    this.scope = scope;
  }

  /**
   * A question with its meaning, as a vector of the model of which the history has most. What the
   * history lacks of the present model is asked for.
   */
  Asked of(PairId pair, String text, PairIndex index) {
    return embedder
        .filter(_ -> !text.isBlank() && index.size() > 0)
        .map(present -> of(pair, text, index, present))
        .orElseGet(() -> Asked.inWords(text));
  }

  private Asked of(PairId pair, String text, PairIndex index, Embedder present) {
    TurnVectors vectors = index.vectors();
    if (vectors.of(present.model()) < index.size()) {
      request(pair);
    }
    try {
      return Stream.of(Optional.ofNullable(vectors.usual()), Optional.of(present.model()))
          .flatMap(Optional::stream)
          .filter(model -> vectors.of(model) > 0)
          .flatMap(model -> meaning(present, model, text).stream())
          .findFirst()
          .map(meaning -> new Asked(text, meaning))
          .orElseGet(() -> Asked.inWords(text));
    } catch (NoVectorException away) {
      log.debug("A question is answered by its words", away);
      return Asked.inWords(text);
    }
  }

  private static Optional<Meaning> meaning(Embedder present, String model, String text) {
    return present
        .ofQuestion(model, text)
        .map(vector -> new Meaning(model, ByteVector.of(vector), present.near()));
  }

  private void request(PairId pair) {
    if (requested.asMap().putIfAbsent(pair, true) == null) {
      scope.run(pair, requests::ask);
    }
  }
}
