package io.mybella.memory.understanding.extract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * Finds the words of a text that say something, in runs that neither stop words nor punctuation
 * interrupt.
 *
 * <p>Where words are not parted by spaces, scripts part them: a run of Han characters is a word, or
 * all pairs of neighbours in it when it is long, and so is one of Katakana; Hiragana writes the
 * grammar and counts as stop words.
 */
final class Words {

  private static final Pattern PLAIN = Pattern.compile("\\p{L}[\\p{L}\\p{M}']*");

  /** Between words of one run. */
  private static final Pattern WITHIN = Pattern.compile("[\\s\\p{Zs}\\-]*");

  /** Characters that a run of Han has as one word. */
  private static final int HAN_WORD = 4;

  private final String text;
  private final Language language;
  private final List<List<Word>> runs = new ArrayList<>();
  private List<Word> run = new ArrayList<>();
  private int end;
  private int hanSince = -1;

  private Words(String text, Language language) {
    this.text = text;
    this.language = language;
  }

  /** The runs of a text. */
  static List<List<Word>> runs(String text, Language language) {
    var words = new Words(text, language);
    try (TokenStream tokens = language.analyzer().tokenStream("", text)) {
      CharTermAttribute stem = tokens.addAttribute(CharTermAttribute.class);
      OffsetAttribute place = tokens.addAttribute(OffsetAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        words.take(place.startOffset(), place.endOffset(), stem.toString());
      }
      tokens.end();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    words.endHan();
    words.endRun();
    return words.runs;
  }

  /** All words of a text in small letters, stop words included. */
  static List<String> plain(String text) {
    return PLAIN.matcher(small(text)).results().map(match -> match.group()).toList();
  }

  /** Typographic apostrophes are what telephones type. */
  static String small(String text) {
    return text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
  }

  private void take(int start, int stop, String stem) {
    UnicodeScript script = UnicodeScript.of(text.codePointAt(start));
    if (script == UnicodeScript.HAN) {
      takeHan(start);
    } else {
      endHan();
      String word = text.substring(start, stop);
      if (script == UnicodeScript.HIRAGANA || !saysSomething(word)) {
        endRun();
      } else {
        if (!WITHIN.matcher(text).region(end, start).matches()) {
          endRun();
        }
        run.add(new Word(word, stem));
      }
    }
    end = stop;
  }

  private boolean saysSomething(String word) {
    return word.length() > 1
        && Character.isLetter(word.codePointAt(0))
        && !language.isStopWord(small(word));
  }

  private void takeHan(int start) {
    if (hanSince >= 0 && start != end) {
      endHan();
    }
    if (hanSince < 0) {
      endRun();
      hanSince = start;
    }
  }

  private void endHan() {
    if (hanSince < 0) {
      return;
    }
    int[] han = text.substring(hanSince, end).codePoints().toArray();
    hanSince = -1;
    int length = han.length > HAN_WORD ? 2 : han.length;
    for (int i = 0; length > 1 && i + length <= han.length; i += 1) {
      String word = new String(han, i, length);
      run.add(new Word(word, word));
      endRun();
    }
  }

  private void endRun() {
    if (!run.isEmpty()) {
      runs.add(run);
      run = new ArrayList<>();
    }
  }
}
