/**
 * Sound as bytes: raw samples, the formats they are delivered in, and a source to pull them from.
 */
@NullMarked
package io.mybella.voice.audio;

import org.jspecify.annotations.NullMarked;
