package io.mybella.voice.engine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The system default voice.
 *
 * @param kind which engine speaks
 * @param voice voice of MaryTTS
 * @param concurrency how many sentences are synthesised at once; each needs a processor
 * @param queue how many more may wait before a request is refused
 * @param patience how long one sentence may wait and take altogether
 * @param command program and arguments of the engine {@code command}: it reads UTF-8 text from its
 *     standard input and writes a 16-bit WAV file to its standard output
 * @param commandTimeout how long that program may run
 */
@Validated
@ConfigurationProperties("mybella.voice.engine")
public record EngineProperties(
    @DefaultValue("marytts") Kind kind,
    @DefaultValue("cmu-slt-hsmm") String voice,
    @DefaultValue("2") @Min(1) @Max(64) int concurrency,
    @DefaultValue("32") @Min(1) @Max(10_000) int queue,
    @DefaultValue("20s") Duration patience,
    @DefaultValue List<String> command,
    @DefaultValue("15s") Duration commandTimeout) {

  /** The engines there are. */
  public enum Kind {
    /** MaryTTS with an HMM voice, inside this process. */
    MARYTTS,
    /** A program of the operator, such as espeak-ng or piper. */
    COMMAND
  }

  /** Refuses the engine {@code command} without a command. */
  public EngineProperties {
    command = List.copyOf(command);
    if (kind == Kind.COMMAND && command.isEmpty()) {
      throw new IllegalArgumentException(
          "mybella.voice.engine.kind is command, but mybella.voice.engine.command names none");
    }
  }
}
