/** Conversations: the sittings into which the history of a pair falls. */
@NullMarked
package io.mybella.memory.conversation;

import org.jspecify.annotations.NullMarked;
