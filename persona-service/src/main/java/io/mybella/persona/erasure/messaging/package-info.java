/** Receipts as they arrive from Kafka. */
@NullMarked
package io.mybella.persona.erasure.messaging;

import org.jspecify.annotations.NullMarked;
