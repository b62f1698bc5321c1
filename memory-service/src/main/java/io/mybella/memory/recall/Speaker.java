package io.mybella.memory.recall;

import io.mybella.memory.history.Role;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has spoken.
 *
 * @param name as the application told it; null when it did not
 */
record Speaker(Role role, @Nullable String name) {

  static Speaker of(Spoken spoken) {
    return new Speaker(spoken.role(), spoken.speaker());
  }
}
