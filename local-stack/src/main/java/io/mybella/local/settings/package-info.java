/** The settings of a local stack, its folders, and the passwords it makes up for itself. */
@NullMarked
package io.mybella.local.settings;

import org.jspecify.annotations.NullMarked;
