package io.mybella.memory.recall;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of what is recalled.
 *
 * @param cache what the indexes of histories may take of the heap together; the ones that were not
 *     asked for longest make room
 * @param turns how many messages of a history are recalled from, the newest ones
 */
@Validated
@ConfigurationProperties("mybella.memory.recall")
public record RecallProperties(
    @DefaultValue("32MB") DataSize cache,
    @DefaultValue("50000") @Min(100) @Max(1_000_000) int turns) {}
