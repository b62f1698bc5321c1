package io.mybella.chat.persona;

import org.jspecify.annotations.Nullable;

/**
 * Who replies.
 *
 * @param id id of the persona
 * @param name its name
 * @param displayName the name it goes by
 * @param description what it is like
 * @param personalityTraits comma-separated traits
 * @param communicationStyle how it speaks, such as {@code nurturing}
 * @param tagline one line about it
 */
public record Persona(
    long id,
    String name,
    String displayName,
    @Nullable String description,
    @Nullable String personalityTraits,
    @Nullable String communicationStyle,
    @Nullable String tagline) {}
