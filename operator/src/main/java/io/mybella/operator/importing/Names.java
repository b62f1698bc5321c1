package io.mybella.operator.importing;

import java.text.Normalizer;
import java.util.Locale;

/** Names of personas as the old app compared them, which wrote {@code Coach sam} for another's. */
final class Names {

  private Names() {}

  /** What two names have in common that mean the same. */
  static String fold(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC)
        .strip()
        .replaceAll("\\s+", " ")
        .toLowerCase(Locale.ROOT);
  }
}
