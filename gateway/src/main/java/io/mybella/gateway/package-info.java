/** The public door of the platform: accounts, sign-in, routes to the services, and the web app. */
@NullMarked
package io.mybella.gateway;

import org.jspecify.annotations.NullMarked;
