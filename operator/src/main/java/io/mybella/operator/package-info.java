/**
 * The program of whoever runs the platform: it works on it from outside, over HTTP, with the
 * operator's token.
 */
@NullMarked
package io.mybella.operator;

import org.jspecify.annotations.NullMarked;
