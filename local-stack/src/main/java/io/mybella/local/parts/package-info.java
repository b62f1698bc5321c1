/** The real parts that stand outside the services: a PostgreSQL server and a Kafka broker. */
@NullMarked
package io.mybella.local.parts;

import org.jspecify.annotations.NullMarked;
