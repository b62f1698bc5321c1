package io.mybella.voice.inspection;

import java.time.Duration;

/**
 * What an inspection found a file to be.
 *
 * @param type its kind
 * @param duration how long it plays, counted from its content where the format allows
 */
public record Sound(SampleType type, Duration duration) {}
