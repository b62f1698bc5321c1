package io.mybella.memory.recall;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The languages that are known: each is a file in {@code recall/} of the class path, called by its
 * code. A text is in the language whose stop words it has most of, which is a well-known way
 * (Grefenstette, 1995) and needs no data beside them.
 */
@Component
class Languages {

  /** One word in so many must be a stop word of a language. */
  private static final int ONE_IN = 8;

  /** Words that are looked at to recognise it. */
  private static final int LOOKED_AT = 200;

  private final List<Language> known;
  private final Language usual;

  /**
   * @param usual the language of what does not tell it, in English and small letters
   */
  Languages(@Value("${mybella.memory.language}") String usual) throws IOException {
    Resource[] files =
        new PathMatchingResourcePatternResolver().getResources("classpath*:recall/*.properties");
    List<Language> read = new ArrayList<>();
    for (Resource file : files) {
      String name = Objects.requireNonNull(file.getFilename());
      try (InputStream in = file.getInputStream()) {
        read.add(Language.read(Locale.of(name.substring(0, name.indexOf('.'))), in));
      }
    }
    this.known = List.copyOf(read);
    this.usual =
        known.stream()
            .filter(each -> each.name().equalsIgnoreCase(usual))
            .findFirst()
            .orElse(Language.UNKNOWN);
  }

  /** The language of what does not tell it. */
  Language usual() {
    return usual;
  }

  /**
   * The language of a text.
   *
   * @param words of it, in small letters
   * @param otherwise when nothing tells
   */
  Language of(List<String> words, Language otherwise) {
    List<String> first = words.subList(0, Math.min(words.size(), LOOKED_AT));
    Language best = otherwise;
    long most = Math.max(1, first.size() / ONE_IN);
    for (Language each : known) {
      long stops = first.stream().filter(each.stopWords()::contains).count();
      if (stops > most || (stops == most && each.equals(otherwise))) {
        best = each;
        most = stops;
      }
    }
    return best;
  }
}
