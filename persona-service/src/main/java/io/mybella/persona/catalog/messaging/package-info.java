/** The catalogue's events on their way to Kafka, and what it hears from voice-service. */
@NullMarked
package io.mybella.persona.catalog.messaging;

import org.jspecify.annotations.NullMarked;
