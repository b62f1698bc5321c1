/** Uploaded samples: what is accepted, where it is kept, and the clones made of them. */
@NullMarked
package io.mybella.voice.sample;

import org.jspecify.annotations.NullMarked;
