/**
 * Understanding by a language model, where one is configured: what it is asked, how its answer is
 * read, and when the extract stands in for it.
 */
@NullMarked
package io.mybella.memory.understanding.model;

import org.jspecify.annotations.NullMarked;
