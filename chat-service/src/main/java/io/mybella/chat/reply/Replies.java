package io.mybella.chat.reply;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.problem.Problem;
import io.mybella.chat.model.ModelEngine;
import io.mybella.chat.offline.OfflineEngine;
import io.mybella.chat.prompt.Prompt;
import io.mybella.chat.reply.Reply.Engine;
import io.mybella.model.ModelFailure;
import io.mybella.model.Usage;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Produces replies. Until the language model has said its first word the offline engine can step in
 * for it; after that a failure is the caller's to see, because words cannot be taken back.
 */
@Component
public class Replies {

  private final ModelEngine model;
  private final OfflineEngine offline;
  private final MeterRegistry meters;

  Replies(ModelEngine model, OfflineEngine offline, MeterRegistry meters) {
    this.model = model;
    this.offline = offline;
    this.meters = meters;
    // So that a rate can be taken from the first one on.
    for (ModelFailure.Reason reason : ModelFailure.Reason.values()) {
      fallbacks(reason);
    }
  }

  /**
   * Produces a reply.
   *
   * @param pieces is handed the reply piece by piece; what it throws ends the production
   * @throws Problem when the model broke off (502)
   */
  public Reply produce(Prompt prompt, Consumer<String> pieces) {
    if (!model.isConfigured()) {
      return offline(prompt, pieces, null);
    }
    var content = new StringBuilder();
    try {
      Usage usage =
          model.reply(
              prompt,
              piece -> {
                content.append(piece);
                pieces.accept(piece);
              });
      return new Reply(
          content.toString(),
          Engine.MODEL,
          model.name(),
          usage.completionTokens(),
          null,
          prompt.memory().recalled());
    } catch (ModelFailure failure) {
      if (!content.isEmpty()) {
        throw Problem.badGateway("The reply broke off; it was not remembered. Please try again");
      }
      fallbacks(failure.reason()).increment();
      return offline(prompt, pieces, failure.reason());
    }
  }

  /** How many tokens of what the persona remembers a reply is based on. */
  public int contextTokens() {
    return model.contextTokens();
  }

  /** Which engine wrote a reply that names this model. */
  public Engine engineOf(@Nullable String modelName) {
    return OfflineEngine.NAME.equals(modelName) ? Engine.OFFLINE : Engine.MODEL;
  }

  private Counter fallbacks(ModelFailure.Reason reason) {
    String name = reason.name().toLowerCase(Locale.ROOT);
    return meters.counter("mybella.chat.fallbacks", "reason", name);
  }

  private Reply offline(
      Prompt prompt, Consumer<String> pieces, ModelFailure.@Nullable Reason fallbackReason) {
    OfflineEngine.Words words = offline.reply(prompt);
    for (String word : words.content().split("(?<=\\s)(?=\\S)", -1)) {
      if (!word.isEmpty()) {
        pieces.accept(word);
      }
    }
    return new Reply(
        words.content(),
        Engine.OFFLINE,
        OfflineEngine.NAME,
        null,
        fallbackReason,
        words.recalled());
  }
}
