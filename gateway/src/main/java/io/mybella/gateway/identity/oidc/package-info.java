/** Signing in with an external OpenID Connect provider. */
@NullMarked
package io.mybella.gateway.identity.oidc;

import org.jspecify.annotations.NullMarked;
