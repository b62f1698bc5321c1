/**
 * HTTP clients to the other services of the platform: bounded in time, carrying the caller and the
 * request id.
 */
@NullMarked
package io.mybella.chassis.client;

import org.jspecify.annotations.NullMarked;
