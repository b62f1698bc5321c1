/** Keys with which programs act for an account. */
@NullMarked
package io.mybella.gateway.apikey;

import org.jspecify.annotations.NullMarked;
