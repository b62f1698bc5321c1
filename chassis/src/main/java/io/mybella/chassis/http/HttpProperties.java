package io.mybella.chassis.http;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a request may have and cost.
 *
 * @param body the longest body that is read as a whole, such as JSON; a handler may name another
 * @param bodyPatience how long a body may take whatever its length
 * @param bodyRate bytes that must arrive in each second after that; a slower body ends with 408
 * @param formMethods the methods whose urlencoded body is read as a form; empty reads none
 * @param headPatience how long the head of a request may take, from its first byte
 * @param requestsPerCaller requests of one account that are served at a time; more get 429, and 0
 *     is without limit
 * @param waitingConnections connections that may wait without a whole request; beyond, the one that
 *     has waited longest is closed
 */
@Validated
@ConfigurationProperties("mybella.http")
record HttpProperties(
    @DefaultValue("64KB") DataSize body,
    @DefaultValue("10s") Duration bodyPatience,
    @DefaultValue("8KB") DataSize bodyRate,
    @DefaultValue({"POST", "PUT"}) Set<String> formMethods,
    @DefaultValue("10s") Duration headPatience,
    @DefaultValue("64") @Min(0) @Max(10_000) int requestsPerCaller,
    @DefaultValue("400") @Min(1) @Max(100_000) int waitingConnections) {}
