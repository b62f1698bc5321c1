/**
 * W3C trace context: one id that joins a request, the calls it makes and the events it causes, in
 * headers and log lines. Spans are recorded by OpenTelemetry and exported where an endpoint is set;
 * without one nothing of that is loaded, and the ids go on as they do with it.
 */
@NullMarked
package io.mybella.chassis.trace;

import org.jspecify.annotations.NullMarked;
