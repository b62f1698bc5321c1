/** What users and personas are told apart by: two numbers that never stand in for each other. */
@NullMarked
package io.mybella.persona.identity;

import org.jspecify.annotations.NullMarked;
