/**
 * Transactional outbox: events commit with the change they tell of and reach Kafka later, in order
 * per key.
 */
@NullMarked
package io.mybella.chassis.outbox;

import org.jspecify.annotations.NullMarked;
