package io.mybella.fakeelevenlabs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The models that speak. */
enum Model {
  ELEVEN_FLASH_V2_5("Eleven Flash v2.5", 40_000, true),
  ELEVEN_TURBO_V2_5("Eleven Turbo v2.5", 40_000, true),
  ELEVEN_MULTILINGUAL_V2("Eleven Multilingual v2", 10_000, false),
  ELEVEN_V3("Eleven v3", 5_000, false);

  /** What ElevenLabs itself takes when nothing is said. */
  static final Model DEFAULT = ELEVEN_MULTILINGUAL_V2;

  private final String title;
  private final int longestText;
  private final boolean quick;

  Model(String title, int longestText, boolean quick) {
    this.title = title;
    this.longestText = longestText;
    this.quick = quick;
  }

  static Optional<Model> of(String id) {
    return Arrays.stream(values()).filter(model -> model.id().equals(id)).findFirst();
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  /** The characters that one request may have. */
  int longestText() {
    return longestText;
  }

  /** Whether it is one of those that cost half and of which twice as many may run. */
  boolean isQuick() {
    return quick;
  }

  /** What a text costs, in characters of the account. */
  int cost(int characters) {
    return quick ? (characters + 1) / 2 : characters;
  }
}
