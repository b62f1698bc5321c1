/** What became of deleted personas in the other services: receipts and their status. */
@NullMarked
package io.mybella.persona.erasure;

import org.jspecify.annotations.NullMarked;
