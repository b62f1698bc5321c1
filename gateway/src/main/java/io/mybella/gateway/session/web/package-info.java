/** Sessions over HTTP. */
@NullMarked
package io.mybella.gateway.session.web;

import org.jspecify.annotations.NullMarked;
