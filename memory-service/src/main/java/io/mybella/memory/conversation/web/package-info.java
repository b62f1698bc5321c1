/** Conversations over HTTP. */
@NullMarked
package io.mybella.memory.conversation.web;

import org.jspecify.annotations.NullMarked;
