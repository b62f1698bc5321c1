package io.mybella.persona.importing;

import io.mybella.chassis.operator.RowResults;
import io.mybella.persona.catalog.ProfileField;
import io.mybella.persona.identity.UserId;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A persona as an old installation had it; texts may be longer than they may be here.
 *
 * @param key names the row
 * @param oldId its id there; null where it has none of its own
 * @param ownerUserId the user's id here; null for a persona of the system
 * @param active null means that it is
 * @param createdAt null or senseless means now
 * @param updatedAt null or senseless means when it was made
 */
public record PersonaRow(
    @NotNull @Pattern(regexp = RowResults.KEY) String key,
    @Nullable @Positive Long oldId,
    @Nullable @Positive Long ownerUserId,
    @Nullable @Size(max = LONGEST) String name,
    @Nullable @Size(max = LONGEST) String displayName,
    @Nullable @Size(max = LONGEST) String description,
    @Nullable @Size(max = LONGEST) String personalityTraits,
    @Nullable @Size(max = LONGEST) String communicationStyle,
    @Nullable @Size(max = LONGEST) String tagline,
    @Nullable @Size(max = LONGEST) String voiceId,
    @Nullable Boolean active,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt) {

  /** What is longer is no profile, and is refused instead of cut. */
  private static final int LONGEST = 500_000;

  /** The texts that the row has. */
  Map<ProfileField, String> texts() {
    Map<ProfileField, String> texts = new EnumMap<>(ProfileField.class);
    put(texts, ProfileField.NAME, name);
    put(texts, ProfileField.DISPLAY_NAME, displayName);
    put(texts, ProfileField.DESCRIPTION, description);
    put(texts, ProfileField.PERSONALITY_TRAITS, personalityTraits);
    put(texts, ProfileField.COMMUNICATION_STYLE, communicationStyle);
    put(texts, ProfileField.TAGLINE, tagline);
    put(texts, ProfileField.VOICE_ID, voiceId);
    return texts;
  }

  /** The user here; null for a persona of the system. */
  @Nullable UserId owner() {
    return UserId.ofNullable(ownerUserId);
  }

  /** Whether it belongs to the system there. */
  boolean isOfTheSystem() {
    return ownerUserId == null;
  }

  /** Whether it is to be offered. */
  boolean isActive() {
    return active == null || active;
  }

  private static void put(
      Map<ProfileField, String> texts, ProfileField field, @Nullable String text) {
    if (text != null) {
      texts.put(field, text);
    }
  }
}
