/** The memory of personas: one for each pair of user and persona, which nothing may cross. */
@NullMarked
package io.mybella.memory;

import org.jspecify.annotations.NullMarked;
