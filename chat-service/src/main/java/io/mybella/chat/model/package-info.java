/** The engine that has a language model reply, over OpenAI's chat completions protocol. */
@NullMarked
package io.mybella.chat.model;

import org.jspecify.annotations.NullMarked;
