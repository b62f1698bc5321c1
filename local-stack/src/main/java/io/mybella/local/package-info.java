/**
 * The whole platform on one machine without Docker: PostgreSQL, Kafka and the services as child
 * processes of one supervisor.
 */
@NullMarked
package io.mybella.local;

import org.jspecify.annotations.NullMarked;
