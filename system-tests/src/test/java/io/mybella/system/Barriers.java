package io.mybella.system;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Set;

/** What axe finds on a page that keeps somebody out. */
final class Barriers {

  private static final Set<String> GRAVE = Set.of("serious", "critical");

  private Barriers() {}

  /** The serious and the critical ones, each with where it stands. */
  static List<String> of(Page page) {
    return new AxeBuilder(page)
        .analyze().getViolations().stream()
            .filter(rule -> GRAVE.contains(rule.getImpact()))
            .map(Barriers::describe)
            .toList();
  }

  private static String describe(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getNodes().stream().map(node -> "" + node.getTarget()).toList();
  }
}
