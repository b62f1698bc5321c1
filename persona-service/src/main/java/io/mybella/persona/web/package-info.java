/** How this service says no over HTTP. */
@NullMarked
package io.mybella.persona.web;

import org.jspecify.annotations.NullMarked;
