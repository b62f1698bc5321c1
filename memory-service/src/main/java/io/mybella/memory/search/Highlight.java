package io.mybella.memory.search;

import org.springframework.web.util.HtmlUtils;

/**
 * Parts of a text with the words that were looked for marked. Where a word begins and ends stands a
 * character for private use, of which the text itself has none left; whatever else the text has is
 * escaped before these become elements. So the result has no element but {@code mark}.
 */
final class Highlight {

  private static final String BEGIN = "\uE000";
  private static final String END = "\uE001";

  /** What a text must not have before it is marked. */
  static final String MARKS = BEGIN + END;

  /** For {@code ts_headline}. */
  static final String OPTIONS =
      "StartSel=%s, StopSel=%s, MaxFragments=2, MinWords=8, MaxWords=24, FragmentDelimiter=\" … \""
          .formatted(BEGIN, END);

  /** A text of so many characters is shown as a whole. */
  static final int SHORT = 200;

  /** … with these. */
  static final String ALL = "StartSel=%s, StopSel=%s, HighlightAll=true".formatted(BEGIN, END);

  private Highlight() {}

  /** As HTML: text, its five special characters escaped, and {@code mark} elements. */
  static String html(String marked) {
    return HtmlUtils.htmlEscape(marked, "UTF-8").replace(BEGIN, "<mark>").replace(END, "</mark>");
  }
}
