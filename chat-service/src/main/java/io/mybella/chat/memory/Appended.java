package io.mybella.chat.memory;

/**
 * What became of a message that was to be remembered.
 *
 * @param message as it is stored
 * @param repeated whether it had been stored before
 */
public record Appended(Message message, boolean repeated) {}
