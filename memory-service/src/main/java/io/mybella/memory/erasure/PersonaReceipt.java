package io.mybella.memory.erasure;

import io.mybella.chassis.erasure.ErasureMarks.Erased;

/**
 * No memory of a persona is left; told within the transaction that notes it.
 *
 * @param erased which erasure this answers, and what was erased
 */
public record PersonaReceipt(long personaId, Erased erased) {}
