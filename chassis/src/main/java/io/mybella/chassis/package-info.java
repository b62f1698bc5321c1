/**
 * The microservice chassis: cross-cutting behaviour as auto-configuration, without a domain word.
 */
@NullMarked
package io.mybella.chassis;

import org.jspecify.annotations.NullMarked;
