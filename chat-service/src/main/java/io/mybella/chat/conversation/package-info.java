/** One turn of a conversation: what was said, what is known, what is replied, what is kept. */
@NullMarked
package io.mybella.chat.conversation;

import org.jspecify.annotations.NullMarked;
