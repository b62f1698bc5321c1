/** All that a persona remembers of a user, for the user to take along. */
@NullMarked
package io.mybella.memory.export;

import org.jspecify.annotations.NullMarked;
