/** The published contract and a page to try it. */
@NullMarked
package io.mybella.gateway.door.docs;

import org.jspecify.annotations.NullMarked;
