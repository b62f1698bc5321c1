package io.mybella.chat.model;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chat.prompt.Prompt;
import io.mybella.contracts.TextLimits;
import io.mybella.model.LanguageModel;
import io.mybella.model.ModelFailure;
import io.mybella.model.ModelProperties;
import io.mybella.model.ModelRequest;
import io.mybella.model.Usage;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Has a language model reply as a persona. */
@Component
public class ModelEngine {

  private final ModelProperties properties;
  private final LanguageModel model;

  ModelEngine(
      ChatModelProperties properties,
      JsonMapper json,
      CircuitBreakerRegistry breakers,
      MeterRegistry meters) {
    this.properties = properties.model();
    this.model = new LanguageModel(this.properties, json, breakers, meters);
  }

  /** Whether there is a model at all. */
  public boolean isConfigured() {
    return properties.isConfigured();
  }

  /** The name of the model. */
  public String name() {
    return properties.name();
  }

  /** How many tokens of what the persona remembers the model is given. */
  public int contextTokens() {
    return properties.contextTokens();
  }

  /**
   * Has the model reply.
   *
   * @param prompt what it is given
   * @param pieces is handed the reply piece by piece, together not blank and at most {@link
   *     TextLimits#REPLY} characters; what it throws ends the transfer and is thrown on
   * @return what the reply took, as far as the server tells
   * @throws ModelFailure when there is no reply, or it broke off after some pieces
   */
  public Usage reply(Prompt prompt, Consumer<String> pieces) throws ModelFailure {
    return model.stream(ModelRequest.forText(PromptMessages.of(prompt), TextLimits.REPLY), pieces);
  }
}
