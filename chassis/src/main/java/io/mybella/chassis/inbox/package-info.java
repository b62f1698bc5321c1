/**
 * Idempotent consumption: the effect of an event and the note that it was handled commit together.
 */
@NullMarked
package io.mybella.chassis.inbox;

import org.jspecify.annotations.NullMarked;
