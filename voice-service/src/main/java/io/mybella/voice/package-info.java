/** The voices of the personas: which one speaks, what it says aloud, and the samples behind it. */
@NullMarked
package io.mybella.voice;

import org.jspecify.annotations.NullMarked;
