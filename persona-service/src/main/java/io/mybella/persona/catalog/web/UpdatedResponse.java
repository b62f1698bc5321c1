package io.mybella.persona.catalog.web;

/** The answer to a change. */
record UpdatedResponse(String message, PersonaResponse persona) {}
