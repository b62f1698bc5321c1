/** A stand-in for a model server, for the tests of whoever asks one. */
@NullMarked
package io.mybella.model.testing;

import org.jspecify.annotations.NullMarked;
