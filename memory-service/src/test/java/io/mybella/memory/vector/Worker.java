package io.mybella.memory.vector;

import io.mybella.memory.embedding.Embedders;
import io.mybella.memory.embedding.EmbeddersOfTests;
import io.mybella.memory.embedding.EmbeddingSettings.Kind;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.vector.VectorRows.Lacking;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.WorkLedger;
import io.mybella.memory.work.WorkResult;
import java.util.List;

/** Makes vectors as a process of that role does, when a test says so. */
public final class Worker {

  private final VectorRows rows;
  private final Embedders embedders;

  public Worker(PersonaScope scope, Embedders embedders) {
    this.rows = new VectorRows(scope);
    this.embedders = embedders;
  }

  /** Whoever asks for vectors then. */
  public static VectorRequests requests(WorkLedger ledger, Embedders embedders) {
    return new VectorRequests(ledger, embedders);
  }

  /** Makes all that a pair's messages lack. */
  public WorkResult embed(PairId pair) {
    return new VectorWork(rows, embedders, EmbeddersOfTests.settings(Kind.LOCAL, "", "unused"))
        .handle(new Subject.OfPair(pair), () -> false);
  }

  /** What a model would be given. */
  public List<String> texts(PairId pair) {
    return lacking(pair).texts();
  }

  private Lacking lacking(PairId pair) {
    return rows.lacking(pair, embedders.configured().orElseThrow().model(), 10);
  }

  /**
   * Makes vectors, and keeps them after something else has happened.
   *
   * @return how many were kept
   */
  public int embedLate(PairId pair, Runnable meanwhile) {
    Lacking lacking = lacking(pair);
    var embedder = embedders.configured().orElseThrow();
    List<ByteVector> vectors =
        embedder.ofPassages(lacking.texts()).stream().map(ByteVector::of).toList();
    meanwhile.run();
    return rows.keep(pair, lacking, embedder.model(), vectors);
  }
}
