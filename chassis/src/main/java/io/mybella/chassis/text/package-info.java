/** What counts as text everywhere in the platform. */
@NullMarked
package io.mybella.chassis.text;

import org.jspecify.annotations.NullMarked;
