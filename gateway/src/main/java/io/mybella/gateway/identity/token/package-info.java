/** Signs the short-lived tokens that tell the services who is asking. */
@NullMarked
package io.mybella.gateway.identity.token;

import org.jspecify.annotations.NullMarked;
