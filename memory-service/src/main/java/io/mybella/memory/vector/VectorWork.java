package io.mybella.memory.vector;

import io.mybella.memory.embedding.Embedder;
import io.mybella.memory.embedding.Embedders;
import io.mybella.memory.embedding.EmbeddingSettings;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.vector.VectorRows.Lacking;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.Turn;
import io.mybella.memory.work.WorkHandler;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkResult;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Makes the vectors that a pair's messages lack, some at a time and outside of any transaction.
 * They are kept if the history is still the one that was read; else they are made anew.
 */
@Component
final class VectorWork implements WorkHandler {

  private final VectorRows rows;
  private final Optional<Embedder> embedder;
  private final EmbeddingSettings settings;

  VectorWork(VectorRows rows, Embedders embedders, EmbeddingSettings settings) {
    this.rows = rows;
    this.embedder = embedders.configured();
    this.settings = settings;
  }

  @Override
  public boolean isOnDuty() {
    return embedder.isPresent() && settings.worker();
  }

  @Override
  public WorkKind kind() {
    return VectorRequests.WORK;
  }

  @Override
  public WorkResult handle(Subject subject, Turn turn) {
    if (!(subject instanceof Subject.OfPair(PairId pair))) {
      throw new IllegalArgumentException("Not a pair: " + subject);
    }
    return embedder.isEmpty() ? new WorkResult.Done() : handle(pair, embedder.get(), turn);
  }

  private WorkResult handle(PairId pair, Embedder present, Turn turn) {
    while (!turn.isOver()) {
      Lacking lacking = rows.lacking(pair, present.model(), settings.batch());
      if (lacking.passages().isEmpty()) {
        return new WorkResult.Done();
      }
      List<ByteVector> vectors =
          present.ofPassages(lacking.texts()).stream().map(ByteVector::of).toList();
      rows.keep(pair, lacking, present.model(), vectors);
    }
    return new WorkResult.Unfinished();
  }
}
