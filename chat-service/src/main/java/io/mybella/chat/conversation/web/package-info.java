/** The chat over HTTP: whole as JSON or streamed as server-sent events. */
@NullMarked
package io.mybella.chat.conversation.web;

import org.jspecify.annotations.NullMarked;
