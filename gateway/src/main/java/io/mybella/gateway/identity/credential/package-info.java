/**
 * What proves who somebody is: browser sessions and the keys of programs. Both are a random secret,
 * a row with its hash, and a caller.
 */
@NullMarked
package io.mybella.gateway.identity.credential;

import org.jspecify.annotations.NullMarked;
