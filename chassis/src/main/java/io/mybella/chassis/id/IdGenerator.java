package io.mybella.chassis.id;

import java.util.UUID;

/** Makes identifiers. A seam, so that tests can foresee them. */
@FunctionalInterface
public interface IdGenerator {

  /** A new UUIDv7 (RFC 9562): unique, and ordered by time of creation to the millisecond. */
  UUID next();
}
