/** Sessions and keys over HTTP: the cookie, and what their owner may see and end. */
@NullMarked
package io.mybella.gateway.identity.credential.web;

import org.jspecify.annotations.NullMarked;
