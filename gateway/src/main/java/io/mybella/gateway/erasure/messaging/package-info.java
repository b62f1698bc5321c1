/** Receipts as they arrive from Kafka. */
@NullMarked
package io.mybella.gateway.erasure.messaging;

import org.jspecify.annotations.NullMarked;
