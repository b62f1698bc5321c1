/** The preset voices a persona can be given. */
@NullMarked
package io.mybella.voice.preset;

import org.jspecify.annotations.NullMarked;
