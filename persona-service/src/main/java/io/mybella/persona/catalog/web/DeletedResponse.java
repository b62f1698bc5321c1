package io.mybella.persona.catalog.web;

import java.util.UUID;

/** The answer to a deletion. */
record DeletedResponse(String message, UUID erasureId) {}
