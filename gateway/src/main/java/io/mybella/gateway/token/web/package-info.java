/** Publishes the keys with which services verify tokens. */
@NullMarked
package io.mybella.gateway.token.web;

import org.jspecify.annotations.NullMarked;
