/** How long a text is for a language model. */
@NullMarked
package io.mybella.memory.token;

import org.jspecify.annotations.NullMarked;
