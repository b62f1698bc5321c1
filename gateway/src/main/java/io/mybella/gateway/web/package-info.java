/** What the web app has of this gateway. */
@NullMarked
package io.mybella.gateway.web;

import org.jspecify.annotations.NullMarked;
