package io.mybella.voice.sample;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How many samples a user may keep.
 *
 * @param perUser samples of all personas of one user; one more is refused
 * @param bytesPerUser bytes of all samples of one user, as they are stored
 */
@Validated
@ConfigurationProperties("mybella.voice.samples")
record SampleProperties(
    @DefaultValue("100") @Min(1) @Max(10_000) int perUser,
    @DefaultValue("256MB") DataSize bytesPerUser) {}
