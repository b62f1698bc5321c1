/** What the tests of this service share. */
@NullMarked
package io.mybella.memory;

import org.jspecify.annotations.NullMarked;
