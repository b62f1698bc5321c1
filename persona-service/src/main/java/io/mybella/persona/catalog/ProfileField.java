package io.mybella.persona.catalog;

/** The texts of a profile that its owner writes, with the longest each may be in characters. */
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

  /** The name of the field in requests. */
  public String wireName() {
    return wireName;
  }

  /** The greatest number of Unicode code points after trimming. */
  int longest() {
    return longest;
  }
}
