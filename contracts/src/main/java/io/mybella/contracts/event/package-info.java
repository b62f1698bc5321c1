/**
 * The events of the platform as plain Java records, together with the names of their topics and
 * types.
 *
 * <p>A record is the {@code data} of a CloudEvent. Its components are written in snake case by the
 * JSON mapper ({@code personaId} is {@code persona_id}); the JSON Schemas in {@code
 * contracts/schemas} are the law where a record and a schema could be read differently.
 */
@NullMarked
package io.mybella.contracts.event;

import org.jspecify.annotations.NullMarked;
