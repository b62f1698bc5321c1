package io.mybella.fakeelevenlabs;

import java.util.Arrays;
import java.util.List;

/** What is told of the models. */
final class Models {

  private Models() {}

  static List<Entry> all() {
    return Arrays.stream(Model.values()).map(Models::entry).toList();
  }

  private static Entry entry(Model model) {
    return new Entry(
        model.id(),
        model.title(),
        true,
        false,
        model.isQuick() ? 0.5 : 1.0,
        model.longestText(),
        List.of(new Language("en", "English"), new Language("de", "German")),
        model.isQuick() ? "turbo" : "standard");
  }

  /** One model. */
  record Entry(
      String modelId,
      String name,
      boolean canDoTextToSpeech,
      boolean canDoVoiceConversion,
      double tokenCostFactor,
      int maximumTextLengthPerRequest,
      List<Language> languages,
      String concurrencyGroup) {}

  /** A language of a model. */
  record Language(String languageId, String name) {}
}
