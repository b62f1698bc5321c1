/**
 * Uploaded samples: one for a persona, and where its file is kept. Table {@code voice_sample}, of
 * which the columns that tell of a clone belong to room {@code clone}.
 */
@NullMarked
package io.mybella.voice.sample;

import org.jspecify.annotations.NullMarked;
