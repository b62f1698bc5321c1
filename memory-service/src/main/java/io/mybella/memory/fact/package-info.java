/**
 * What a persona has learned about a user: values of preferences, each with where it was learned,
 * how sure it is and when it held.
 */
@NullMarked
package io.mybella.memory.fact;

import org.jspecify.annotations.NullMarked;
