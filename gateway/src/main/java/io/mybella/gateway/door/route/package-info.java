/** Carries requests on to the services and their answers back. */
@NullMarked
package io.mybella.gateway.door.route;

import org.jspecify.annotations.NullMarked;
