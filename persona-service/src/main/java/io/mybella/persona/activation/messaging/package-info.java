/** Switches on their way to Kafka. */
@NullMarked
package io.mybella.persona.activation.messaging;

import org.jspecify.annotations.NullMarked;
