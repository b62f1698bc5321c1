/** Publishes the keys with which services verify tokens. */
@NullMarked
package io.mybella.gateway.identity.token.web;

import org.jspecify.annotations.NullMarked;
