/** Time-ordered identifiers and the clock, injected so that tests are exact. */
@NullMarked
package io.mybella.chassis.id;

import org.jspecify.annotations.NullMarked;
