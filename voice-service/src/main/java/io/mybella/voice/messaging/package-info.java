/** Events in and out: translated to use cases, and from what those tell. */
@NullMarked
package io.mybella.voice.messaging;

import org.jspecify.annotations.NullMarked;
