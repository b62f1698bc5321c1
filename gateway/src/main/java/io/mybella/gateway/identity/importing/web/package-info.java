/** The import over HTTP, for the operator alone. */
@NullMarked
package io.mybella.gateway.identity.importing.web;

import org.jspecify.annotations.NullMarked;
