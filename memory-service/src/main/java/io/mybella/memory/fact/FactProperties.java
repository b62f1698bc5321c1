package io.mybella.memory.fact;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of what personas learn.
 *
 * @param halfLife after how long without confirmation what was concluded is half as sure; what the
 *     user said stays as sure as it is
 */
@Validated
@ConfigurationProperties("mybella.memory.fact")
public record FactProperties(@DefaultValue("180d") @DurationMin(hours = 1) Duration halfLife) {}
