/** A tiny service that uses everything of the chassis, to test it as services do. */
@NullMarked
package io.mybella.chassis.probe;

import org.jspecify.annotations.NullMarked;
