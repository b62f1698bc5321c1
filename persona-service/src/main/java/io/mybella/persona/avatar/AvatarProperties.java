package io.mybella.persona.avatar;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What an uploaded picture may cost.
 *
 * @param maxBytes the largest upload
 * @param maxPixels the most pixels a picture may claim, width times height
 * @param maxFrames the most frames an animation may have, and the most scans a progressive JPEG
 * @param side the longer side of what is kept, in pixels
 * @param concurrentDecodes how many pictures are drawn at a time; the others wait
 */
@ConfigurationProperties("mybella.persona.avatar")
@Validated
public record AvatarProperties(
    @DefaultValue("5MB") DataSize maxBytes,
    @DefaultValue("25000000") @Positive long maxPixels,
    @DefaultValue("500") @Positive int maxFrames,
    @DefaultValue("512") @Min(16) @Max(2048) int side,
    @DefaultValue("2") @Positive int concurrentDecodes) {}
