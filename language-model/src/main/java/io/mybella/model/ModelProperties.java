package io.mybella.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The language model, as a service asks it: a part of that service's own settings.
 *
 * @param baseUrl of an endpoint that speaks OpenAI's chat completions, up to and without {@code
 *     /chat/completions}; empty: there is no model
 * @param apiKey sent as a bearer token; empty: none is sent
 * @param name of the model
 * @param connectTimeout until a connection stands
 * @param firstTokenTimeout until the first token is there, of what comes piece by piece
 * @param timeout until the whole answer is there
 * @param maxTokens of an answer
 * @param contextTokens how much of what was said the model is given, the newest messages first
 */
@ConfigurationPropertiesSource
public record ModelProperties(
    @DefaultValue("") @Pattern(regexp = "|https?://\\S+", message = "must be an http(s) URL")
        String baseUrl,
    @DefaultValue("") String apiKey,
    @DefaultValue("gpt-4o-mini") @NotBlank String name,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("20s") Duration firstTokenTimeout,
    @DefaultValue("60s") Duration timeout,
    @DefaultValue("1024") @Min(1) @Max(100_000) int maxTokens,
    @DefaultValue("4000") @Min(1) @Max(1_000_000) int contextTokens) {

  /** Whether there is a model at all. */
  public boolean isConfigured() {
    return !baseUrl.isEmpty();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ModelProperties[baseUrl=%s, name=%s]".formatted(baseUrl, name);
  }
}
