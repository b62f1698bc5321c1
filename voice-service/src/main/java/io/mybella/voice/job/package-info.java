/**
 * Long texts that are spoken in the background: the queue, the workers and what they have made. Any
 * number of processes may work on one queue.
 */
@NullMarked
package io.mybella.voice.job;

import org.jspecify.annotations.NullMarked;
