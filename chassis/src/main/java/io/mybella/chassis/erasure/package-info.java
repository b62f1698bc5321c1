/**
 * Following an erasure that several services take part in: who must answer, who has, and when to
 * ask again.
 */
@NullMarked
package io.mybella.chassis.erasure;

import org.jspecify.annotations.NullMarked;
