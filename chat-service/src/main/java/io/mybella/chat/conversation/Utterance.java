package io.mybella.chat.conversation;

import org.jspecify.annotations.Nullable;

/**
 * What the caller says.
 *
 * @param content 1 to 8,000 characters, not blank
 * @param clientMessageId the caller's own id of it: saying it again under the same id remembers it
 *     once and gives the reply that is there already; {@code null} for none
 */
public record Utterance(String content, @Nullable String clientMessageId) {}
