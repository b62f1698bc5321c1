package io.mybella.chassis.database;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How a service comes to the tables that it needs.
 *
 * @param migrations {@code start} migrates the database whenever the service starts, {@code only}
 *     does that and ends, both with the owner's login; {@code none} leaves it to somebody else
 * @param patience how long a start with {@code none} waits for the migrations before it fails
 */
@Validated
@ConfigurationProperties("mybella.database")
record DatabaseProperties(
    @DefaultValue("start") Migrations migrations,
    @DefaultValue("2m") @DurationMin @DurationMax(hours = 1) Duration patience) {}
