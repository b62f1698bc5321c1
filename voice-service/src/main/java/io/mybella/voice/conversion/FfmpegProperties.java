package io.mybella.voice.conversion;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The program that decodes voice samples and makes them uniform.
 *
 * @param program path of ffmpeg; empty looks for it on the PATH, {@code off} does without
 * @param timeout how long one sample may take, and how much processor time
 * @param memory how much address space the program may have
 */
@Validated
@ConfigurationProperties("mybella.voice.ffmpeg")
record FfmpegProperties(
    @DefaultValue("") @Pattern(regexp = "|off|/.*") String program,
    @DefaultValue("30s") @DurationMin(seconds = 1) Duration timeout,
    @DefaultValue("768MB") DataSize memory) {}
