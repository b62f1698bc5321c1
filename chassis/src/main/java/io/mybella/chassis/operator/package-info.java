/**
 * What whoever runs the platform may do in a service, and nobody else: paths below {@code
 * /internal}, for which one secret token is asked. Users never get there: the gateway routes none
 * of these paths, a request that a proxy brought in finds nothing there, and where no token is set
 * nobody does.
 */
@NullMarked
package io.mybella.chassis.operator;

import org.jspecify.annotations.NullMarked;
