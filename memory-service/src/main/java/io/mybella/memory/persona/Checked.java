package io.mybella.memory.persona;

import org.jspecify.annotations.Nullable;

/**
 * The answer of a statement that checked the access along with its work.
 *
 * @param verdict whether the persona may be used
 * @param value what the statement found or did; meaningless unless the verdict is ALLOWED
 */
public record Checked<T extends @Nullable Object>(Verdict verdict, T value) {}
