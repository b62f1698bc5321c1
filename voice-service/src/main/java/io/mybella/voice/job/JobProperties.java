package io.mybella.voice.job;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Long texts that are spoken in the background.
 *
 * @param workers how many jobs this process speaks at the same time; 0 leaves them to others
 * @param perUser how many unfinished jobs a user may have
 * @param kept how many finished jobs a user may have besides; older ones go
 * @param attempts how often a job is tried before it is given up; the last time with the default
 *     voice
 * @param pause how long a job rests after its first failure; the pause doubles each time
 * @param lease after how long without a sign another worker takes up the job of one that has died
 * @param poll how often a worker looks for jobs that other processes have accepted
 * @param retention how long the audio is kept
 */
@Validated
@ConfigurationProperties("mybella.voice.job")
record JobProperties(
    @DefaultValue("1") @Min(0) @Max(64) int workers,
    @DefaultValue("20") @Min(1) @Max(1000) int perUser,
    @DefaultValue("100") @Min(1) @Max(10_000) int kept,
    @DefaultValue("5") @Min(1) @Max(100) int attempts,
    @DefaultValue("2s") @DurationMin(millis = 10) @DurationMax(minutes = 10) Duration pause,
    @DefaultValue("30s") @DurationMin(millis = 300) @DurationMax(minutes = 10) Duration lease,
    @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(minutes = 1) Duration poll,
    @DefaultValue("7d") @DurationMin(minutes = 1) Duration retention) {

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** How long a job rests after that many attempts. */
  Duration pauseAfter(int attempts) {
    long millis = pause.toMillis() << Math.clamp(attempts - 1L, 0, 20);
    return Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis()));
  }
}
