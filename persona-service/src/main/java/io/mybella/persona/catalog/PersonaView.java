package io.mybella.persona.catalog;

import io.mybella.persona.identity.PersonaId;
import org.jspecify.annotations.Nullable;

/**
 * A persona as one user sees it.
 *
 * @param avatar the name of the picture; null without one
 * @param avatarUrl where the picture is to be had; null without one
 * @param isCustom whether the user made it
 * @param isCurrent whether it is the user's active persona
 * @param version counts the changes of the profile, from 1
 */
public record PersonaView(
    PersonaId id,
    Profile profile,
    @Nullable String avatar,
    @Nullable String avatarUrl,
    boolean hasCustomVoice,
    boolean isCustom,
    boolean isCurrent,
    long version) {

  /** The same persona, active or not. */
  PersonaView current(boolean current) {
    return current == isCurrent
        ? this
        : new PersonaView(
            id, profile, avatar, avatarUrl, hasCustomVoice, isCustom, current, version);
  }
}
