package de.dfki.lt.tools.tokenizer.annotate;

import java.text.CharacterIterator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An {@link AnnotatedString} that finds the run around its cursor in logarithmic time. */
public final class FastAnnotatedString implements AnnotatedString {

  private record Run(int end, Object value) {}

  private final String text;
  private final Map<String, TreeMap<Integer, Run>> runs = new HashMap<>();
  private int index;

  /** Wraps a text that carries no annotation yet; the cursor stands at its start. */
  public FastAnnotatedString(String text) {
    this.text = text;
  }

  /**
   * Attaches a value to a range. Ranges of one key must not overlap; an empty range is ignored.
   *
   * @throws IllegalArgumentException when the range leaves the text
   */
  public void annotate(String key, Object value, int start, int end) {
    if (start < 0 || end > text.length() || start > end) {
      throw new IllegalArgumentException("range " + start + ".." + end + " leaves the text");
    }
    if (start < end) {
      runs.computeIfAbsent(key, k -> new TreeMap<>()).put(start, new Run(end, value));
    }
  }

  @Override
  public char setIndex(int index) {
    if (index < 0 || index > text.length()) {
      throw new IllegalArgumentException("index " + index + " leaves the text");
    }
    this.index = index;
    return index < text.length() ? text.charAt(index) : CharacterIterator.DONE;
  }

  @Override
  public int getRunStart(String key) {
    Map.Entry<Integer, Run> before = floor(key);
    if (before == null) {
      return 0;
    }
    return index < before.getValue().end() ? before.getKey() : before.getValue().end();
  }

  @Override
  public int getRunLimit(String key) {
    Map.Entry<Integer, Run> before = floor(key);
    if (before != null && index < before.getValue().end()) {
      return before.getValue().end();
    }
    TreeMap<Integer, Run> ofKey = runs.get(key);
    Integer next = ofKey == null ? null : ofKey.higherKey(index);
    return next == null ? text.length() : next;
  }

  @Override
  public @Nullable Object getAnnotation(String key) {
    Map.Entry<Integer, Run> before = floor(key);
    return before != null && index < before.getValue().end() ? before.getValue().value() : null;
  }

  @Override
  public String substring(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }

  private Map.@Nullable Entry<Integer, Run> floor(String key) {
    TreeMap<Integer, Run> ofKey = runs.get(key);
    return ofKey == null ? null : ofKey.floorEntry(index);
  }
}
