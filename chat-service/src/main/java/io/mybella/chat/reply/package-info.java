/** Producing a reply: by the language model when there is one, else offline. */
@NullMarked
package io.mybella.chat.reply;

import org.jspecify.annotations.NullMarked;
