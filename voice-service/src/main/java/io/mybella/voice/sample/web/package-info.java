/** Upload and removal of custom voices over HTTP. */
@NullMarked
package io.mybella.voice.sample.web;

import org.jspecify.annotations.NullMarked;
