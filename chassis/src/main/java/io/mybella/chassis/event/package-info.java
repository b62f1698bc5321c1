/** CloudEvents 1.0 in Kafka's binary content mode, and the topics a service needs. */
@NullMarked
package io.mybella.chassis.event;

import org.jspecify.annotations.NullMarked;
