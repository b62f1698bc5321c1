/** The context over HTTP. */
@NullMarked
package io.mybella.memory.context.web;

import org.jspecify.annotations.NullMarked;
