/** The pair of user and persona, and the one place that binds a transaction to it. */
@NullMarked
package io.mybella.memory.pair;

import org.jspecify.annotations.NullMarked;
