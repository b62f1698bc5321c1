/** The status of an erasure over HTTP. */
@NullMarked
package io.mybella.gateway.identity.erasure.web;

import org.jspecify.annotations.NullMarked;
