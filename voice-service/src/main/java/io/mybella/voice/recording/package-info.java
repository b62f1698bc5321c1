/**
 * Recordings: one producer reads a voice at that voice's own speed into a file that grows, and any
 * number of listeners read it at theirs. Who asks for the same speech shares the recording; when it
 * is whole it is kept, here on the disk and for all replicas in the blob store. Table {@code
 * cached_speech}.
 */
@NullMarked
package io.mybella.voice.recording;

import org.jspecify.annotations.NullMarked;
