package io.mybella.memory.search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is looked for, in the language of search engines: all words, {@code "phrases"}, {@code or}
 * between two of them, {@code -without}; and {@code begin*}, which PostgreSQL's own reading of that
 * language ({@code websearch_to_tsquery}) does not know. No text is an error: each word is put into
 * quotes, because signs outside of them are operators to PostgreSQL, and more than 32 of those
 * within each other too many.
 *
 * @param words what PostgreSQL reads
 * @param prefixes beginnings of words that must be there, as {@code to_tsquery} takes them
 * @param excluded beginnings of words that must not
 */
record SearchQuery(String words, List<String> prefixes, List<String> excluded) {

  /** A sign, a phrase in quotes (the second may be missing) or a word, and what ends a prefix. */
  private static final Pattern PART =
      Pattern.compile("(?<without>-?+)-*+(?:\"(?<phrase>[^\"]*+)\"?|(?<word>[^\\s\"]++))");

  private static final Pattern LETTER = Pattern.compile("[\\p{L}\\p{N}]");

  static SearchQuery parse(String text) {
    List<String> words = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    Matcher part = PART.matcher(text);
    while (part.find()) {
      String sign = part.group("without");
      String word = part.group("word");
      String said = word == null ? part.group("phrase") : word;
      if (word != null && sign.isEmpty() && word.equalsIgnoreCase("or")) {
        words.add(word);
      } else if (word != null && word.endsWith("*") && LETTER.matcher(word).find()) {
        (sign.isEmpty() ? prefixes : excluded).add(beginning(word.replaceAll("\\*+$", "")));
      } else if (LETTER.matcher(said).find()) {
        words.add(sign + '"' + said + '"');
      }
    }
    return new SearchQuery(String.join(" ", words), List.copyOf(prefixes), List.copyOf(excluded));
  }

  /** Within quotes nothing but quotes and backslashes has a meaning. */
  private static String beginning(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "':*";
  }
}
