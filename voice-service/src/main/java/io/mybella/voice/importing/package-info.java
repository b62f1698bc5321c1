/**
 * Voice samples of an old installation, which the operator's importer hands over. The room of the
 * samples has the say; this one knows which came from where. What it keeps outlives samples and
 * personas, an account's erasure included: places in a file and numbers that are never given again,
 * so that the same file never brings back what a user has deleted since.
 */
@NullMarked
package io.mybella.voice.importing;

import org.jspecify.annotations.NullMarked;
