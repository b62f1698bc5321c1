/** Moves an older MyBella in: reads its file, maps it, and hands each service what it owns. */
@NullMarked
package io.mybella.operator.importing;

import org.jspecify.annotations.NullMarked;
