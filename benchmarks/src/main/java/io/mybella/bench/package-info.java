/** What {@code ./mybella bench} can measure. */
@NullMarked
package io.mybella.bench;

import org.jspecify.annotations.NullMarked;
