/** The platform that is measured, accounts that ask it, and how fast they are answered. */
@NullMarked
package io.mybella.load;

import org.jspecify.annotations.NullMarked;
