/** Pictures: judged, redrawn, kept and handed out. */
@NullMarked
package io.mybella.persona.avatar;

import org.jspecify.annotations.NullMarked;
