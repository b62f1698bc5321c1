/** Which personas there are and who may use them: a read model of persona-service's events. */
@NullMarked
package io.mybella.memory.persona;

import org.jspecify.annotations.NullMarked;
