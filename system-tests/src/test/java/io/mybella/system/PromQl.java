package io.mybella.system;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression of ours names: no parser, but enough of one for rules and dashboards.
 */
final class PromQl {

  /**
   * Series that an expression asks for.
   *
   * @param metric such as {@code http_server_requests_seconds_count}
   * @param labels names of the labels that it is chosen by
   */
  record Selector(String metric, Set<String> labels) {}

  /** With them stand the labels that are kept, or joined on. */
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");

  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");

  /** A name that is no function, with its labels; they may hold braces, as routes do. */
  private static final Pattern SELECTOR =
      Pattern.compile(
          "(?<![\\w\"$])([a-zA-Z_][a-zA-Z0-9_]*)\\b(?!\\s*\\()" + "(\\{(?:[^\"}]|\"[^\"]*\")*})?");

  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

  private PromQl() {}

  /** All that it asks for, in its order. */
  static List<Selector> selectors(String expression) {
    String plain = RANGE.matcher(GROUPING.matcher(expression).replaceAll(" ")).replaceAll(" ");
    List<Selector> found = new ArrayList<>();
    Matcher each = SELECTOR.matcher(plain);
    while (each.find()) {
      if (!WORDS.contains(each.group(1))) {
        found.add(new Selector(each.group(1), labels(each.group(2))));
      }
    }
    return found;
  }

  /** The labels that its aggregations keep or join on. */
  static Set<String> groupings(String expression) {
    Set<String> labels = new LinkedHashSet<>();
    GROUPING
        .matcher(expression)
        .results()
        .map(found -> found.group(2))
        .filter(names -> !names.isBlank())
        .forEach(names -> labels.addAll(List.of(names.strip().split("\\s*,\\s*", -1))));
    return labels;
  }

  private static Set<String> labels(String braces) {
    Set<String> labels = new LinkedHashSet<>();
    if (braces != null) {
      LABEL.matcher(braces).results().forEach(found -> labels.add(found.group(1)));
    }
    return labels;
  }
}
