/** What is said of measurements, and where it is written. */
@NullMarked
package io.mybella.figures;

import org.jspecify.annotations.NullMarked;
