package io.mybella.memory.conversation;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of conversations.
 *
 * @param idle how long after its last message a conversation still goes on
 */
@Validated
@ConfigurationProperties("mybella.memory.conversation")
public record ConversationProperties(
    @DefaultValue("30m") @DurationMin(seconds = 1) Duration idle) {}
