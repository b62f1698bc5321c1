package de.dfki.lt.tools.tokenizer;

import de.dfki.lt.tools.tokenizer.annotate.AnnotatedString;
import de.dfki.lt.tools.tokenizer.annotate.FastAnnotatedString;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits English text into tokens, sentences and paragraphs for MaryTTS.
 *
 * <p>The result carries two annotations. {@code class} marks every token; whitespace has none.
 * {@code border} marks the first token of a sentence ({@code "tu"}, a text unit) or of a paragraph
 * ({@code "p"}). MaryTTS compares the latter by identity, hence the constants.
 *
 * <p>Rules: a token is a number (with its separators), a currency sign, a run of one kind of
 * punctuation, or a word with inner apostrophes, hyphens and dots. A dot belongs to the word when
 * the word is a known abbreviation, an initial, or has a dot inside ("e.g."). A sentence ends after
 * {@code . ! ? …} and the quotes and brackets that close it; a paragraph ends at an empty line.
 */
public final class JTok {

  private static final String TOKEN = "class";
  private static final String BORDER = "border";
  private static final String SENTENCE = "tu";
  private static final String PARAGRAPH = "p";

  private static final Pattern TOKENS =
      Pattern.compile(
          """
          (?<number>\\d+(?:[.,:/]\\d+)*(?:st|nd|rd|th|s|am|pm|%)?(?![\\p{L}\\d]))\
          |(?<word>[\\p{L}\\p{M}\\d]+(?:['’.\\-&][\\p{L}\\p{M}\\d]+)*)\
          |(?<currency>\\p{Sc})\
          |(?<mark>([^\\s\\p{L}\\p{M}\\d])\\5*)\
          """);

  private static final Pattern EMPTY_LINE = Pattern.compile("\\R[\\h]*\\R");
  private static final Pattern INITIALS = Pattern.compile("\\p{Lu}|\\p{L}+(?:\\.\\p{L}+)+");

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "no", "vol", "dept",
          "inc", "ltd", "co", "gen", "col", "lt", "capt", "rev", "approx", "jan", "feb", "mar",
          "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec");

  /**
   * Makes a tokenizer.
   *
   * @param settings the settings MaryTTS hands over (language and rule folder); the rules here are
   *     fixed, so they are not read
   */
  public JTok(Properties settings) {}

  /**
   * Splits a text.
   *
   * @param text the text, of any length
   * @param language a language code; every language is split by the same rules
   * @return the text with the annotations described above
   */
  public AnnotatedString tokenize(String text, String language) {
    FastAnnotatedString result = new FastAnnotatedString(text);
    Matcher tokens = TOKENS.matcher(text);
    boolean sentenceEnded = false;
    int previousEnd = 0;
    int from = 0;
    while (tokens.find(from)) {
      int start = tokens.start();
      int end = tokens.end();
      boolean mark = tokens.group("mark") != null;
      if (tokens.group("word") != null && dotBelongsTo(tokens.group(), text, end)) {
        end++;
      }
      result.annotate(TOKEN, mark ? "PUNCT" : "WORD", start, end);
      if (EMPTY_LINE.matcher(text).region(previousEnd, start).find()) {
        result.annotate(BORDER, PARAGRAPH, start, end);
        sentenceEnded = false;
      } else if (sentenceEnded && !(mark && closes(text.charAt(start)))) {
        result.annotate(BORDER, SENTENCE, start, end);
        sentenceEnded = false;
      }
      if (mark && ends(text.charAt(start))) {
        sentenceEnded = true;
      }
      previousEnd = end;
      from = end;
    }
    return result;
  }

  private static boolean dotBelongsTo(String word, String text, int end) {
    if (end >= text.length() || text.charAt(end) != '.') {
      return false;
    }
    // At the very end of the text the dot must stay a token: it ends the sentence.
    if (text.substring(end + 1).isBlank()) {
      return false;
    }
    return ABBREVIATIONS.contains(word.toLowerCase(Locale.ROOT))
        || INITIALS.matcher(word).matches();
  }

  private static boolean ends(char mark) {
    return mark == '.' || mark == '!' || mark == '?' || mark == '…';
  }

  private static boolean closes(char mark) {
    return ends(mark) || "\"'’”)]}»".indexOf(mark) >= 0;
  }
}
