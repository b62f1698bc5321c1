/** The status of an erasure over HTTP. */
@NullMarked
package io.mybella.persona.erasure.web;

import org.jspecify.annotations.NullMarked;
