package io.mybella.gateway.identity.importing;

/**
 * What became of a row of an old installation.
 *
 * @param accountId the account here
 * @param created whether it was opened from that row
 * @param living whether it is still there
 */
record Origin(long accountId, boolean created, boolean living) {}
