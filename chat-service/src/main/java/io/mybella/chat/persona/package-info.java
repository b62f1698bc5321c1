/** Who the persona is that replies, as persona-service knows it. */
@NullMarked
package io.mybella.chat.persona;

import org.jspecify.annotations.NullMarked;
