package io.mybella.voice.engine;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The system default voice.
 *
 * @param kind which engine speaks
 * @param voice voice of MaryTTS
 * @param concurrency how many sentences are synthesised at once; each needs a processor
 * @param queue how many accounts may wait for their turn before one more is refused; each turn is a
 *     sentence, so the last of them waits for as many sentences
 * @param patience how long one sentence may wait and take altogether
 * @param coldPatience the same as long as nothing was said yet and the models are to be loaded
 *     first; to be below the silence that the gateway allows, which is 60 seconds
 * @param command program and arguments of the engine {@code command}: it reads UTF-8 text from its
 *     standard input and writes a 16-bit WAV file to its standard output
 * @param commandTimeout how long that program may run
 * @param warmUp when the models are loaded though nobody has spoken yet
 */
@Validated
@ConfigurationProperties("mybella.voice.engine")
public record EngineProperties(
    @DefaultValue("marytts") Kind kind,
    @DefaultValue("cmu-slt-hsmm") String voice,
    @DefaultValue("2") @Min(1) @Max(64) int concurrency,
    @DefaultValue("32") @Min(1) @Max(10_000) int queue,
    @DefaultValue("20s") Duration patience,
    @DefaultValue("45s") Duration coldPatience,
    @DefaultValue List<String> command,
    @DefaultValue("15s") Duration commandTimeout,
    @DefaultValue @Valid WarmUp warmUp) {

  /** The engines there are. */
  public enum Kind {
    /** MaryTTS with an HMM voice, inside this process. */
    MARYTTS,
    /** A program of the operator, such as espeak-ng or piper. */
    COMMAND
  }

  /**
   * The moment at which the default voice loads its models unasked.
   *
   * @param load the share of the processors, from 0 to 1, up to which the machine counts as quiet
   * @param quiet how long the machine is quiet before the models are loaded
   * @param latest how long after the start the models are loaded, however busy the machine is
   * @param probe how often the load is looked at
   */
  public record WarmUp(
      @DefaultValue("0.25") @DecimalMin("0") @DecimalMax("1") double load,
      @DefaultValue("20s") @DurationMin Duration quiet,
      @DefaultValue("5m") @DurationMin Duration latest,
      @DefaultValue("2s") @DurationMin(millis = 1) Duration probe) {}

  /** Refuses the engine {@code command} without a command. */
  public EngineProperties {
    command = List.copyOf(command);
    if (kind == Kind.COMMAND && command.isEmpty()) {
      throw new IllegalArgumentException(
          "mybella.voice.engine.kind is command, but mybella.voice.engine.command names none");
    }
  }
}
