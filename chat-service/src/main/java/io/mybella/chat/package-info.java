/** Turns a message into a reply in character, and has both remembered. */
@NullMarked
package io.mybella.chat;

import org.jspecify.annotations.NullMarked;
