package io.mybella.memory.importing;

import io.mybella.memory.fact.TakenOver;

/**
 * A preference as an old installation had it.
 *
 * @param key names the row
 */
public record PreferenceRow(String key, TakenOver preference) {}
