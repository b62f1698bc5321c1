/**
 * Sound made uniform by ffmpeg, which is a program of its own: what it reads means harm until the
 * contrary is proved, so it runs behind a fence.
 */
@NullMarked
package io.mybella.voice.conversion;

import org.jspecify.annotations.NullMarked;
