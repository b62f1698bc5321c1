package io.mybella.memory.embedding;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Measures how long vectors take: {@code mybella.memory.embedding}, by {@code purpose} (messages,
 * as many as are made at once, or a question) and {@code outcome} (made or failed).
 */
final class MeasuredEmbedder implements Embedder {

  private static final String NAME = "mybella.memory.embedding";
  private static final String MESSAGES = "messages";
  private static final String QUESTION = "question";

  private final Embedder embedder;
  private final MeterRegistry meters;

  MeasuredEmbedder(Embedder embedder, MeterRegistry meters) {
    this.embedder = embedder;
    this.meters = meters;
    // So that a rate can be taken from the first one on.
    for (String purpose : List.of(MESSAGES, QUESTION)) {
      timer(purpose, "made");
      timer(purpose, "failed");
    }
  }

  private Timer timer(String purpose, String outcome) {
    return meters.timer(NAME, "purpose", purpose, "outcome", outcome);
  }

  @Override
  public String model() {
    return embedder.model();
  }

  @Override
  public float near() {
    return embedder.near();
  }

  @Override
  public List<float[]> ofPassages(List<String> texts) {
    return measured(MESSAGES, () -> embedder.ofPassages(texts));
  }

  @Override
  public Optional<float[]> ofQuestion(String model, String text) {
    return measured(QUESTION, () -> embedder.ofQuestion(model, text));
  }

  private <T> T measured(String purpose, Supplier<T> making) {
    Timer.Sample sample = Timer.start(meters);
    String outcome = "failed";
    try {
      T made = making.get();
      outcome = "made";
      return made;
    } finally {
      sample.stop(timer(purpose, outcome));
    }
  }
}
