/**
 * Fixtures for the tests of every service: real PostgreSQL and Kafka, tokens, architecture rules.
 */
@NullMarked
package io.mybella.chassis.testing;

import org.jspecify.annotations.NullMarked;
