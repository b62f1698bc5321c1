/** The way to the provider and back, as a browser goes it. */
@NullMarked
package io.mybella.gateway.identity.oidc.web;

import org.jspecify.annotations.NullMarked;
