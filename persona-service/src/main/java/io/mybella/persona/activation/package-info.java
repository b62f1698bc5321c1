/** The active persona of each user: always exactly one. */
@NullMarked
package io.mybella.persona.activation;

import org.jspecify.annotations.NullMarked;
