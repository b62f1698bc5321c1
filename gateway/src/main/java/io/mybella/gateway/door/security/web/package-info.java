/** The rules of the door: who passes, what is refused, which headers every answer has. */
@NullMarked
package io.mybella.gateway.door.security.web;

import org.jspecify.annotations.NullMarked;
