package io.mybella.memory.erasure;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of erasures.
 *
 * @param batch how many rows one transaction erases; small ones let other work through
 * @param pairs how many pairs are looked up at once
 */
@Validated
@ConfigurationProperties("mybella.memory.erasure")
public record ErasureProperties(
    @DefaultValue("5000") @Min(1) @Max(100_000) int batch,
    @DefaultValue("500") @Min(1) @Max(100_000) int pairs) {}
