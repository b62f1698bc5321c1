/**
 * Personas, pictures and choices of an old installation, which the operator's importer hands over.
 * The catalogue, the pictures and the choices have the say, as with everybody; this room knows what
 * came from where. What it keeps outlives the personas, an account's erasure included: places in a
 * file and numbers that are never given again, so that the same file never brings back what a user
 * has deleted since.
 */
@NullMarked
package io.mybella.persona.importing;

import org.jspecify.annotations.NullMarked;
