/** What memory-service remembers of the caller and a persona, and having it remember more. */
@NullMarked
package io.mybella.chat.memory;

import org.jspecify.annotations.NullMarked;
