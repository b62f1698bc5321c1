/** How many requests the platform answers, beside what one of its services can answer at most. */
@NullMarked
package io.mybella.door;

import org.jspecify.annotations.NullMarked;
