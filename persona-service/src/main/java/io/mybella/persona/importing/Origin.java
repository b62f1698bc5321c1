package io.mybella.persona.importing;

import io.mybella.persona.identity.PersonaId;

/**
 * What became of a row of an old installation.
 *
 * @param personaId the persona here
 * @param created whether it was made from that row
 * @param living whether it is still there
 */
record Origin(PersonaId personaId, boolean created, boolean living) {}
