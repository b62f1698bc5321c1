package io.mybella.persona.catalog;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one user may have.
 *
 * @param maxPersonas the most personas of one user; who has more already keeps them
 */
@ConfigurationProperties("mybella.persona.catalog")
@Validated
public record CatalogProperties(@DefaultValue("500") @Positive int maxPersonas) {}
