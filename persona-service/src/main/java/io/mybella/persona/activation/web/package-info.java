/** Switching over HTTP. */
@NullMarked
package io.mybella.persona.activation.web;

import org.jspecify.annotations.NullMarked;
