/** Figures about what a persona remembers of a user. */
@NullMarked
package io.mybella.memory.stats;

import org.jspecify.annotations.NullMarked;
