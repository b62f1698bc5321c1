package io.mybella.voice.job;

/**
 * A piece of a job's audio.
 *
 * @param blobKey where it is in the blob store
 * @param bytes how large it is
 */
record StoredPiece(String blobKey, int bytes) {}
