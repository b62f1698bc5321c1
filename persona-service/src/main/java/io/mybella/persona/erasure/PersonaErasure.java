package io.mybella.persona.erasure;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mybella.chassis.erasure.ErasureStatus;

/**
 * How far the erasure of a persona has come, as it is known and as callers read it.
 *
 * @param personaId the number of a {@code PersonaId}
 */
public record PersonaErasure(long personaId, @JsonUnwrapped ErasureStatus status) {}
