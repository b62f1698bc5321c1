/** What persona-service and the gateway tell, translated into the use cases of this service. */
@NullMarked
package io.mybella.memory.messaging;

import org.jspecify.annotations.NullMarked;
