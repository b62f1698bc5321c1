/** Who a request is made for, however they proved it. */
@NullMarked
package io.mybella.gateway.identity;

import org.jspecify.annotations.NullMarked;
