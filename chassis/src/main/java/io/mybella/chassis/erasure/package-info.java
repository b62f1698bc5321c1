/**
 * Erasing what several services hold of something deleted. Who deletes follows it: who must answer,
 * who has, and when to ask again. Who is told marks it as gone, counts what it erases and answers.
 */
@NullMarked
package io.mybella.chassis.erasure;

import org.jspecify.annotations.NullMarked;
