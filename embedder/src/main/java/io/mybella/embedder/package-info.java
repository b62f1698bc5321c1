/**
 * Makes vectors of texts in this process: texts that mean alike have vectors that point alike. The
 * model comes along in a jar; nothing of it is loaded before the first text.
 */
@NullMarked
package io.mybella.embedder;

import org.jspecify.annotations.NullMarked;
