package io.mybella.chassis.event;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The topics of a service.
 *
 * @param topics that the service writes; created on start when missing
 * @param compacted those of them whose older events the broker may drop once a newer one of the
 *     same key is there
 * @param partitions of a created topic
 * @param replicas of a created topic; -1 takes the broker's default
 */
@Validated
@ConfigurationProperties("mybella.events")
record EventProperties(
    @DefaultValue List<String> topics,
    @DefaultValue List<String> compacted,
    @DefaultValue("6") @Min(1) @Max(1000) int partitions,
    @DefaultValue("-1") @Min(-1) @Max(10) short replicas) {}
