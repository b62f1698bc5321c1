/**
 * Memories of an old installation, which the operator's importer hands over. Histories,
 * conversations and facts have the say, as with everybody; this room knows what was taken over.
 * What it keeps outlives what was taken over, and what a pair forgets, so that the same file never
 * brings back what a user has deleted since; it goes with the persona or the account, and says
 * nothing of anybody.
 */
@NullMarked
package io.mybella.memory.importing;

import org.jspecify.annotations.NullMarked;
