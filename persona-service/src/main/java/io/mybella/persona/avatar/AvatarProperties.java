package io.mybella.persona.avatar;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What an uploaded picture may cost.
 *
 * @param maxBytes the largest upload
 * @param maxPixels the most pixels a picture may claim, width times height
 * @param maxSide the most pixels that a side may claim
 * @param maxFrames the most frames an animation may have, and the most scans a progressive JPEG
 * @param side the longer side of what is kept, in pixels
 * @param concurrentDecodes how many pictures are drawn at a time; the others wait
 * @param memory what the pictures that are being drawn may take together, by what their headers say
 * @param queue how many more may wait; one above is refused at once
 * @param patience how long one picture may wait and be drawn altogether; to be below the time that
 *     the gateway waits for an answer
 */
@ConfigurationProperties("mybella.persona.avatar")
@Validated
public record AvatarProperties(
    @DefaultValue("5MB") DataSize maxBytes,
    @DefaultValue("25000000") @Positive long maxPixels,
    @DefaultValue("16384") @Positive int maxSide,
    @DefaultValue("500") @Positive int maxFrames,
    @DefaultValue("512") @Min(16) @Max(2048) int side,
    @DefaultValue("2") @Positive int concurrentDecodes,
    @DefaultValue("56MB") DataSize memory,
    @DefaultValue("24") @Positive int queue,
    @DefaultValue("4s") Duration patience) {}
