/** What a model is given, so that a persona remembers. */
@NullMarked
package io.mybella.memory.context;

import org.jspecify.annotations.NullMarked;
