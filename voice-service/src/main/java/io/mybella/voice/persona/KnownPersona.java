package io.mybella.voice.persona;

import org.jspecify.annotations.Nullable;

/**
 * A living persona.
 *
 * @param id its id
 * @param ownerUserId the user it belongs to; {@code null} for a system persona
 * @param voiceId id of its preset voice; {@code null} when it has none
 */
public record KnownPersona(long id, @Nullable Long ownerUserId, @Nullable String voiceId) {

  /** Whether it came with the platform and belongs to nobody. */
  public boolean isSystem() {
    return ownerUserId == null;
  }

  /** Whether a user may hear and use it. */
  boolean isVisibleTo(long userId) {
    return ownerUserId == null || ownerUserId == userId;
  }
}
