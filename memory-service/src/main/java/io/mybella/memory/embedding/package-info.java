/** Who makes vectors of texts: a model in this process, one behind an address, or nobody. */
@NullMarked
package io.mybella.memory.embedding;

import org.jspecify.annotations.NullMarked;
