package io.mybella.memory.understanding.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the understanding of conversations.
 *
 * @param attempts how often a model is asked in vain before the extract stands in for it; the work
 *     rests between them, as all failing work
 */
@Validated
@ConfigurationProperties("mybella.memory.understanding")
record UnderstandingProperties(@DefaultValue("3") @Min(1) @Max(100) int attempts) {}
