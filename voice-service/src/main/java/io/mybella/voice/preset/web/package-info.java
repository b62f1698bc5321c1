/** The preset voices over HTTP. */
@NullMarked
package io.mybella.voice.preset.web;

import org.jspecify.annotations.NullMarked;
