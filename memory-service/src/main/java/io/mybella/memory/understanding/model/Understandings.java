package io.mybella.memory.understanding.model;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.memory.understanding.Understanding;
import io.mybella.model.LanguageModel;
import io.mybella.model.ModelProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Says who understands a conversation: the model, as long as it has not failed too often. */
@Component
public class Understandings {

  private final Understanding extract;
  private final Understanding first;
  private final int attempts;

  Understandings(
      Understanding extract,
      MemoryModelProperties properties,
      UnderstandingProperties bounds,
      JsonMapper json,
      CircuitBreakerRegistry breakers,
      MeterRegistry meters) {
    ModelProperties model = properties.model();
    this.extract = extract;
    // Without a model nothing of it is made.
    this.first =
        model.isConfigured()
            ? new ModelUnderstanding(new LanguageModel(model, json, breakers, meters), model, json)
            : extract;
    this.attempts = bounds.attempts();
  }

  /**
   * Who understands what is tried for that time.
   *
   * @param attempt 1 for the first one, and after each that went well
   */
  public Understanding at(int attempt) {
    return attempt <= attempts ? first : extract;
  }
}
