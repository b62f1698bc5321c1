/** The engine that replies in character by rules alone, without a network. */
@NullMarked
package io.mybella.chat.offline;

import org.jspecify.annotations.NullMarked;
