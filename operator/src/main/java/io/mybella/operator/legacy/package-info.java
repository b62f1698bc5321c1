/** The SQLite file of an older MyBella: opened without touching it, whatever its age. */
@NullMarked
package io.mybella.operator.legacy;

import org.jspecify.annotations.NullMarked;
