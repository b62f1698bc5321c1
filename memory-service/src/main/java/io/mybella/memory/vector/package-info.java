/**
 * What messages mean, as vectors: made in the background, kept beside the messages, and gone with
 * them.
 */
@NullMarked
package io.mybella.memory.vector;

import org.jspecify.annotations.NullMarked;
