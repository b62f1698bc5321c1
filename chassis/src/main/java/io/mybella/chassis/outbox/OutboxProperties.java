package io.mybella.chassis.outbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the relay works.
 *
 * @param enabled whether this instance sends events at all
 * @param batchSize the most rows of one round
 * @param pollInterval how often the relay looks without being woken; finds what another instance
 *     left behind
 * @param retryDelay how long the relay rests after the broker refused or did not answer
 */
@Validated
@ConfigurationProperties("mybella.outbox")
record OutboxProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("500") @Min(1) @Max(10_000) int batchSize,
    @DefaultValue("1s") Duration pollInterval,
    @DefaultValue("2s") Duration retryDelay) {}
