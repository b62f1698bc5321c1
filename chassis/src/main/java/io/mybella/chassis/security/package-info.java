/** Who is calling: validates the gateway's tokens and hands controllers the {@link Caller}. */
@NullMarked
package io.mybella.chassis.security;

import org.jspecify.annotations.NullMarked;
