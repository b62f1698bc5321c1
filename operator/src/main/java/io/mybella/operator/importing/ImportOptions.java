package io.mybella.operator.importing;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is to be imported, and how.
 *
 * @param file the SQLite file
 * @param uploads the folder of uploaded files
 * @param scratch where a private copy of the file is made
 * @param source names the old installation
 * @param dryRun whether nothing is written
 * @param attachSameEmail whether an account here that has the e-mail address of one there is its
 *     owner's
 * @param patience how long the platform is tried again
 */
record ImportOptions(
    Path file,
    Path uploads,
    Path scratch,
    String source,
    boolean dryRun,
    boolean attachSameEmail,
    Duration patience) {}
