package io.mybella.chassis.event;

/**
 * An event of a batch that was read.
 *
 * @param event as it came
 * @param data what its consumer made of it
 */
public record Received<T>(IncomingEvent event, T data) {}
