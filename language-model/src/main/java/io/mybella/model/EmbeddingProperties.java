package io.mybella.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A model that makes vectors of texts, as a service asks it: a part of that service's own settings.
 *
 * @param baseUrl of an endpoint that speaks OpenAI's embeddings, up to and without {@code
 *     /embeddings}; empty: there is none
 * @param apiKey sent as a bearer token; empty: none is sent
 * @param name of the model
 * @param dimensions how many numbers a vector is to have, for models that can be asked for fewer
 *     than they have; 0: that is not asked for
 * @param passagePrefix what the model wants in front of what may be found, such as {@code passage:}
 * @param questionPrefix what the model wants in front of what is looked for, such as {@code query:}
 * @param connectTimeout until a connection stands
 * @param timeout until the vectors of a batch are there
 * @param questionTimeout until the vector of a question is there, for which somebody waits
 */
@ConfigurationPropertiesSource
public record EmbeddingProperties(
    @DefaultValue("") @Pattern(regexp = "|https?://\\S+", message = "must be an http(s) URL")
        String baseUrl,
    @DefaultValue("") String apiKey,
    @DefaultValue("text-embedding-3-small") @NotBlank String name,
    @DefaultValue("0") @Min(0) @Max(4096) int dimensions,
    @DefaultValue("") String passagePrefix,
    @DefaultValue("") String questionPrefix,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("30s") Duration timeout,
    @DefaultValue("2s") Duration questionTimeout) {

  /** Whether there is a model at all. */
  public boolean isConfigured() {
    return !baseUrl.isEmpty();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "EmbeddingProperties[baseUrl=%s, name=%s, dimensions=%d]"
        .formatted(baseUrl, name, dimensions);
  }
}
