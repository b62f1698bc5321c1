package io.mybella.persona.activation;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How users are moved away from a deleted built-in persona.
 *
 * @param batch how many users one transaction moves; small ones let other work through
 */
@ConfigurationProperties("mybella.persona.activation")
@Validated
public record ActivationProperties(@DefaultValue("500") @Positive int batch) {}
