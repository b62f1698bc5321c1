/** What it means that a room does not do what it was asked to; why, each room says itself. */
@NullMarked
package io.mybella.persona.refusal;

import org.jspecify.annotations.NullMarked;
