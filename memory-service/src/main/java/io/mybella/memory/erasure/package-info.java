/** Forgetting: the memory of a pair, and all of a persona or a user that is gone. */
@NullMarked
package io.mybella.memory.erasure;

import org.jspecify.annotations.NullMarked;
