/** What a file is, judged by its content alone: its kind and how long it plays. */
@NullMarked
package io.mybella.voice.inspection;

import org.jspecify.annotations.NullMarked;
