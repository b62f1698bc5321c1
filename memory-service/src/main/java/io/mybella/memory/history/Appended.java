package io.mybella.memory.history;

/**
 * The outcome of an append.
 *
 * @param message as it is stored
 * @param repeated whether it had been stored before
 */
public record Appended(Message message, boolean repeated) {}
