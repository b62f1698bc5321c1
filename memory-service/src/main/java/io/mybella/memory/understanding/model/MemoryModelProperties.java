package io.mybella.memory.understanding.model;

import io.mybella.model.ModelProperties;
import jakarta.validation.Valid;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What understands conversations when it can.
 *
 * @param model the language model
 */
@Validated
@ConfigurationProperties("mybella.memory")
record MemoryModelProperties(
    @DefaultValue @Valid @NestedConfigurationProperty ModelProperties model) {}
