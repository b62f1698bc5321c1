package io.mybella.voice.recording;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Finished speech.
 *
 * @param here how much of it an instance keeps on its own disk, in the folder for temporary files
 * @param hereFor how long after it was last heard
 * @param cache how much of it is kept in the blob store, for all instances
 * @param cacheFor how long after it was last fetched from there
 * @param cacheEntry the largest speech that is kept there
 */
@Validated
@ConfigurationProperties("mybella.voice.recording")
record RecordingProperties(
    @DefaultValue("64MB") DataSize here,
    @DefaultValue("30m") @DurationMin Duration hereFor,
    @DefaultValue("512MB") DataSize cache,
    @DefaultValue("24h") @DurationMin Duration cacheFor,
    @DefaultValue("16MB") DataSize cacheEntry) {}
