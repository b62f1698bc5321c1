package io.mybella.persona.importing;

/**
 * What became of a row of an old installation.
 *
 * @param personaId the persona here
 * @param created whether it was made from that row
 * @param living whether it is still there
 */
record Origin(long personaId, boolean created, boolean living) {}
