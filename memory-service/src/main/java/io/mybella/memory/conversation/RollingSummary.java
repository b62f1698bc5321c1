package io.mybella.memory.conversation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the conversations of a pair come to: for the newest the day, title and summary, as long as
 * these take no more than {@value #DETAILED} characters; for those before them the day and the
 * title, as long as there is room. Those in which nothing was said are left out. Oldest first, as
 * it is read on to the recent messages.
 */
final class RollingSummary {

  /** Conversations that are looked at. */
  static final int MOST_CONVERSATIONS = 60;

  /** Characters of the whole (UTF-16 units, so code points are no more). */
  private static final int MOST = 2_000;

  private static final int DETAILED = 1_500;

  /** A conversation that was understood. */
  record Part(LocalDate day, @Nullable String title, @Nullable String summary) {

    private String line() {
      return title == null ? day.toString() : day + " " + title;
    }

    private String detailed() {
      return summary == null ? line() : line() + "\n" + summary;
    }
  }

  private RollingSummary() {}

  /**
   * Sums conversations up.
   *
   * @param parts the newest first
   * @return empty when nothing was said in them
   */
  static String of(List<Part> parts) {
    List<String> lines = new ArrayList<>();
    int length = 0;
    boolean detailed = true;
    for (Part part : parts) {
      String text = part.detailed();
      detailed = detailed && length + text.length() <= DETAILED;
      if (!detailed) {
        text = part.line();
      }
      length += text.length() + 1;
      if (length > MOST) {
        break;
      }
      lines.add(text);
    }
    Collections.reverse(lines);
    return String.join("\n", lines);
  }
}
