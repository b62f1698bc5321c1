package io.mybella.model;

/**
 * A whole answer of a model.
 *
 * @param text not blank, storable, and not longer than was asked for
 * @param usage what it took
 */
public record Completion(String text, Usage usage) {}
