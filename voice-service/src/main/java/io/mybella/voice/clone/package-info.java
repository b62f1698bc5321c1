/**
 * The clones at ElevenLabs, kept in step with the samples: made of those that may be cloned,
 * deleted when their sample goes. Tables {@code clone_removal} and {@code clone_in_making}, and the
 * columns of {@code voice_sample} that tell of a clone.
 */
@NullMarked
package io.mybella.voice.clone;

import org.jspecify.annotations.NullMarked;
