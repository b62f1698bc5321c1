/** Managing API keys over HTTP. */
@NullMarked
package io.mybella.gateway.apikey.web;

import org.jspecify.annotations.NullMarked;
