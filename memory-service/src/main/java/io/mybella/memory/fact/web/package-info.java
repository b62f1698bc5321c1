/** What was learned over HTTP, as preferences. */
@NullMarked
package io.mybella.memory.fact.web;

import org.jspecify.annotations.NullMarked;
