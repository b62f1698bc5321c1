/**
 * {@code ./mybella doctor}: what only the machine of the stack shows, such as who has its ports,
 * together with what {@code operator} examines anywhere.
 */
@NullMarked
package io.mybella.local.doctor;

import org.jspecify.annotations.NullMarked;
