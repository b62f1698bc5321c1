/**
 * W3C trace context: one id that joins a request, the calls it makes and the events it causes, in
 * headers and log lines. Nothing is sampled or exported here; an agent or a collector may do that.
 */
@NullMarked
package io.mybella.chassis.trace;

import org.jspecify.annotations.NullMarked;
