/** Delivery of pictures over HTTP. */
@NullMarked
package io.mybella.persona.avatar.web;

import org.jspecify.annotations.NullMarked;
