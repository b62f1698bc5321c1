package io.mybella.memory.embedding;

import io.mybella.model.EmbeddingModel;
import io.mybella.model.EmbeddingProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the vectors by which messages are recalled.
 *
 * @param kind what makes them: none, local (a model in this process, which takes about 270 MiB
 *     beside the heap) or remote
 * @param worker whether this process makes those of messages; else it leaves them to processes with
 *     the profile {@code embedder} and makes those of questions alone
 * @param batch messages whose vectors are made at once
 * @param near the cosine from which on a message is taken to bear on a question with which it has
 *     no word in common; of a remote model, as each has its own
 * @param remote the model behind an address
 */
@Validated
@ConfigurationProperties("mybella.memory.embedding")
public record EmbeddingSettings(
    @DefaultValue("none") Kind kind,
    @DefaultValue("true") boolean worker,
    @DefaultValue("16") @Min(1) @Max(EmbeddingSettings.MOST) int batch,
    @DefaultValue("0.4") @DecimalMin("0") @DecimalMax("1") float near,
    @DefaultValue @Valid @NestedConfigurationProperty EmbeddingProperties remote) {

  /** What makes vectors. */
  public enum Kind {
    /** Nothing: messages are recalled by their words. */
    NONE,
    /** A model in this process. */
    LOCAL,
    /** A model behind an address. */
    REMOTE
  }

  static final int MOST = EmbeddingModel.MOST;

  @AssertTrue(message = "mybella.memory.embedding.remote.base-url must say where the model is")
  boolean isThereAnAddressWhereOneIsNeeded() {
    return kind != Kind.REMOTE || remote.isConfigured();
  }
}
