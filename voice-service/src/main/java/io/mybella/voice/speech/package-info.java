/**
 * Speech of personas. Three voices in order of priority: the custom voice, the preset of
 * ElevenLabs, the system default. What fails before its first sound gives way to the next one, and
 * the answer says so.
 */
@NullMarked
package io.mybella.voice.speech;

import org.jspecify.annotations.NullMarked;
