package io.mybella.persona.catalog;

import java.util.List;

/**
 * All personas of a user were deleted together, because the account was; told within the
 * transaction of it.
 *
 * @param personas each of them, removed by nobody
 */
public record PersonasRemoved(List<PersonaFact.Removed> personas) {

  /** Copies the list. */
  public PersonasRemoved {
    personas = List.copyOf(personas);
  }
}
