package io.mybella.voice.speech;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Speech of personas.
 *
 * @param atOnce how many speeches may be made and heard at the same time, cached ones apart; each
 *     holds up to a megabyte of memory, or the file of its samples, until its listener has it
 * @param atOncePerAccount how many of them one account may have
 * @param cache how much finished audio is kept in memory; what is being collected for it may take
 *     as much again
 * @param cacheEntry the largest speech that is kept
 */
@Validated
@ConfigurationProperties("mybella.voice.speech")
record SpeechProperties(
    @DefaultValue("96") @Min(1) @Max(10_000) int atOnce,
    @DefaultValue("8") @Min(1) @Max(10_000) int atOncePerAccount,
    @DefaultValue("16MB") DataSize cache,
    @DefaultValue("2MB") DataSize cacheEntry) {}
