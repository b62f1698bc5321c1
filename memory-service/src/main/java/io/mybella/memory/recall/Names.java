package io.mybella.memory.recall;

import io.mybella.memory.history.Role;
import org.jspecify.annotations.Nullable;

/**
 * What the two of a pair are called.
 *
 * @param user null when it is not known, and likewise the persona
 */
record Names(@Nullable String user, @Nullable String persona) {

  /** The name of somebody who has spoken; null when it is not known. */
  @Nullable String of(Speaker speaker) {
    if (speaker.name() != null) {
      return speaker.name();
    }
    return switch (speaker.role()) {
      case Role.USER -> user;
      case Role.ASSISTANT -> persona;
      case Role.SYSTEM -> null;
    };
  }
}
