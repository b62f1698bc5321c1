/**
 * Accounts of an old installation, which the operator's importer hands over. The room of the
 * accounts has the say; this one knows who came from where. What it keeps outlives the accounts:
 * places in a file and numbers that are never given again, so that the same file never brings back
 * who has left since.
 */
@NullMarked
package io.mybella.gateway.identity.importing;

import org.jspecify.annotations.NullMarked;
