/** The published contract and a page to try it. */
@NullMarked
package io.mybella.gateway.docs;

import org.jspecify.annotations.NullMarked;
