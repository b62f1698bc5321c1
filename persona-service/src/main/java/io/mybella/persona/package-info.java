/** persona-service: who the personas are, and which of them a user has chosen. */
@NullMarked
package io.mybella.persona;

import org.jspecify.annotations.NullMarked;
