package io.mybella.memory.vector;

import io.mybella.memory.embedding.Embedder;
import io.mybella.memory.embedding.Embedders;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkLedger;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Asks for the vectors of histories, where somebody makes vectors at all. */
@Component
public class VectorRequests {

  /** The making of vectors for a pair's messages. */
  static final WorkKind WORK = new WorkKind("embed");

  private final WorkLedger ledger;
  private final Optional<Embedder> embedder;

  VectorRequests(WorkLedger ledger, Embedders embedders) {
    this.ledger = ledger;
    this.embedder = embedders.configured();
  }

  /** Asks for the vectors that the pair's messages lack. */
  public void ask(PairQueries db) {
    if (embedder.isPresent()) {
      ledger.ask(db, WORK);
    }
  }
}
