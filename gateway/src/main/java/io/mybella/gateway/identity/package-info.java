/**
 * The half that knows people: their accounts, what proves who they are, and the tokens that tell
 * services. The door asks it two things: {@code Credentials}, whose request this is, and {@code
 * TokenIssuer}, for a token of theirs.
 */
@NullMarked
package io.mybella.gateway.identity;

import org.jspecify.annotations.NullMarked;
