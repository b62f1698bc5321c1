package io.mybella.voice.inspection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an inspection found a file to be.
 *
 * @param type its kind
 * @param duration how long it plays, counted from all of its content; {@code null} where only
 *     decoding it would tell
 */
public record Sound(SampleType type, @Nullable Duration duration) {}
