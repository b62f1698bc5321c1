/** Receipts as they arrive from Kafka. */
@NullMarked
package io.mybella.gateway.identity.erasure.messaging;

import org.jspecify.annotations.NullMarked;
