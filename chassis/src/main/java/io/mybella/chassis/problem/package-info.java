/**
 * Every error as RFC 9457 problem details with the {@code error} member that older front ends read.
 */
@NullMarked
package io.mybella.chassis.problem;

import org.jspecify.annotations.NullMarked;
