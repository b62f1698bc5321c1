/** Forgetting: the memory of a pair, and everything about a persona that was deleted. */
@NullMarked
package io.mybella.memory.erasure;

import org.jspecify.annotations.NullMarked;
