/** The figures over HTTP. */
@NullMarked
package io.mybella.memory.stats.web;

import org.jspecify.annotations.NullMarked;
