package io.mybella.voice.speech;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Speech of personas.
 *
 * @param atOnce how many listeners there may be at the same time to speech that is being made or
 *     was when they came; one that is made holds up to a megabyte of memory
 * @param atOncePerAccount how many of them one account may have
 */
@Validated
@ConfigurationProperties("mybella.voice.speech")
record SpeechProperties(
    @DefaultValue("128") @Min(1) @Max(10_000) int atOnce,
    @DefaultValue("8") @Min(1) @Max(10_000) int atOncePerAccount) {}
