package io.mybella.chat.model;

import io.mybella.model.ModelProperties;
import jakarta.validation.Valid;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What replies when it can.
 *
 * @param model the language model
 */
@Validated
@ConfigurationProperties("mybella.chat")
record ChatModelProperties(
    @DefaultValue @Valid @NestedConfigurationProperty ModelProperties model) {}
