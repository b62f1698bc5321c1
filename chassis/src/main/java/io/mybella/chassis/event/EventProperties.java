package io.mybella.chassis.event;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The topics of a service.
 *
 * @param topics that the service writes; created on start when missing
 * @param compacted those of them whose older events the broker may drop once a newer one of the
 *     same key is there
 * @param partitions of a created topic; one that exists keeps its number
 * @param replicas of a created topic; -1 takes the broker's default
 * @param retry how an event that failed is handled again
 */
@Validated
@ConfigurationProperties("mybella.events")
record EventProperties(
    @DefaultValue List<String> topics,
    @DefaultValue List<String> compacted,
    @DefaultValue("6") @Min(1) @Max(1000) int partitions,
    @DefaultValue("-1") @Min(-1) @Max(10) short replicas,
    @DefaultValue @Valid Retry retry) {

  /**
   * How an event that failed is handled again: without limit while what it needs is away.
   *
   * @param first how long its partition rests before the first time
   * @param longest how long it rests at most
   * @param attempts how often an event that fails by itself is handled before it is a dead letter
   */
  record Retry(
      @DefaultValue("200ms") @DurationMin(millis = 1) Duration first,
      @DefaultValue("30s") @DurationMax(minutes = 4) Duration longest,
      @DefaultValue("4") @Min(1) @Max(100) int attempts) {}
}
