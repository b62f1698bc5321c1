/** What the platform promises to the outside: names of topics and the records its events carry. */
@NullMarked
package io.mybella.contracts;

import org.jspecify.annotations.NullMarked;
