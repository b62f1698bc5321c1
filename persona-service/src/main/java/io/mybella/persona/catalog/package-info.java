/** The profiles of the personas: what they are called, how they are, who may change them. */
@NullMarked
package io.mybella.persona.catalog;

import org.jspecify.annotations.NullMarked;
