package io.mybella.persona.catalog;

import org.jspecify.annotations.Nullable;

/**
 * The texts of a {@link Profile} in its order, with the longest each may be in characters. Requests
 * and table {@code persona} call them the same.
 */
public enum ProfileField {
  NAME("name", 50),
  DISPLAY_NAME("display_name", 100),
  DESCRIPTION("description", 5_000),
  PERSONALITY_TRAITS("personality_traits", 2_000),
  COMMUNICATION_STYLE("communication_style", 50),
  TAGLINE("tagline", 150),
  VOICE_ID("voice_id", 64);

  private final String wireName;
  private final int longest;

  ProfileField(String wireName, int longest) {
    this.wireName = wireName;
    this.longest = longest;
  }

  /** The field of this name in requests; null when there is none. */
  public static @Nullable ProfileField ofWireName(String name) {
    for (ProfileField field : values()) {
      if (field.wireName.equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** The name of the field in requests. */
  public String wireName() {
    return wireName;
  }

  /** What stands in this field of a profile. */
  @Nullable String of(Profile profile) {
    return switch (this) {
      case NAME -> profile.name();
      case DISPLAY_NAME -> profile.displayName();
      case DESCRIPTION -> profile.description();
      case PERSONALITY_TRAITS -> profile.personalityTraits();
      case COMMUNICATION_STYLE -> profile.communicationStyle();
      case TAGLINE -> profile.tagline();
      case VOICE_ID -> profile.voiceId();
    };
  }

  /** The beginning of a text, in so many Unicode code points at most. */
  static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest)).strip();
  }

  /** The greatest number of Unicode code points after trimming. */
  int longest() {
    return longest;
  }
}
