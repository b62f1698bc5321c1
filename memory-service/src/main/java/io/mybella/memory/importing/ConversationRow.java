package io.mybella.memory.importing;

import io.mybella.memory.conversation.Recollection;

/**
 * What an old installation had noted of a conversation.
 *
 * @param key names the row
 */
public record ConversationRow(String key, Recollection recollection) {}
