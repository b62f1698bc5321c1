/** The id that follows one request through answers, logs and calls to other services. */
@NullMarked
package io.mybella.chassis.request;

import org.jspecify.annotations.NullMarked;
