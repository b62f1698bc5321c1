/**
 * The measurement behind decision 3. In the package of what is measured: the relay is made and
 * woken here as its auto-configuration does it.
 */
@NullMarked
package io.mybella.chassis.outbox;

import org.jspecify.annotations.NullMarked;
