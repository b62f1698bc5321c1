/**
 * What a conversation is understood to be about: from its messages alone, without knowing where
 * they are stored.
 */
@NullMarked
package io.mybella.memory.understanding;

import org.jspecify.annotations.NullMarked;
