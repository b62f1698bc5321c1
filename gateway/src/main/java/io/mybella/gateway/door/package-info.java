/**
 * The half that stands in the way: who passes, how much, and where to. Knows of the other half what
 * {@link io.mybella.gateway.identity} says.
 */
@NullMarked
package io.mybella.gateway.door;

import org.jspecify.annotations.NullMarked;
