/** Hands rows to the import endpoints of the services, as long as it takes. */
@NullMarked
package io.mybella.operator.importing.delivery;

import org.jspecify.annotations.NullMarked;
