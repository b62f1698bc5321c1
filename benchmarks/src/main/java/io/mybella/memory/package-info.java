/** What memory-service does in a second, and what its guards cost. */
@NullMarked
package io.mybella.memory;

import org.jspecify.annotations.NullMarked;
