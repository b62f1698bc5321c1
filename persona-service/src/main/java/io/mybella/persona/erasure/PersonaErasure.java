package io.mybella.persona.erasure;

import io.mybella.chassis.erasure.ErasureStatus;

/** How far the erasure of a persona has come. */
public record PersonaErasure(long personaId, ErasureStatus status) {}
