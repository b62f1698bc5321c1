/** Speech over HTTP. */
@NullMarked
package io.mybella.voice.speech.web;

import org.jspecify.annotations.NullMarked;
