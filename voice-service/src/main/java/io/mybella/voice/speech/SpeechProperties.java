package io.mybella.voice.speech;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Speech of personas.
 *
 * @param cache how much finished audio is kept in memory
 * @param cacheEntry the largest speech that is kept
 */
@ConfigurationProperties("mybella.voice.speech")
record SpeechProperties(
    @DefaultValue("16MB") DataSize cache, @DefaultValue("2MB") DataSize cacheEntry) {}
