/** What a start of the platform takes, and what it leaves taken. */
@NullMarked
package io.mybella.starting;

import org.jspecify.annotations.NullMarked;
