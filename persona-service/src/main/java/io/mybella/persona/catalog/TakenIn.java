package io.mybella.persona.catalog;

/**
 * A persona that was taken in.
 *
 * @param id its id from now on
 * @param renamed whether it has another name than it came with, because its owner uses that already
 */
public record TakenIn(long id, boolean renamed) {}
