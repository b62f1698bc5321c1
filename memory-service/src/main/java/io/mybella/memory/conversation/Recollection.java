package io.mybella.memory.conversation;

import io.mybella.memory.understanding.Excerpt;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What another application had noted of a conversation. What is longer than its bound is cut.
 *
 * @param from when it began
 * @param until when it ended, not before
 * @param summary at most {@value #SUMMARY} characters; null for none
 * @param keyTopics at most {@value #LISTED} of {@value #TOPIC} characters
 * @param userMood at most {@value #TOPIC} characters; null for none
 * @param importantFacts at most {@value #LISTED} of {@value #FACT} characters
 */
public record Recollection(
    Instant from,
    Instant until,
    @Nullable String summary,
    List<String> keyTopics,
    @Nullable String userMood,
    List<String> importantFacts) {

  /** Characters of a summary. */
  public static final int SUMMARY = 2_000;

  /** Topics, and facts. */
  public static final int LISTED = 20;

  /** Characters of a topic, and of a mood. */
  public static final int TOPIC = 60;

  /** Characters of a fact. */
  public static final int FACT = 200;

  /** Keeps the bounds. */
  public Recollection {
    until = until.isBefore(from) ? from : until;
    summary = cut(summary, SUMMARY);
    keyTopics = cut(keyTopics, TOPIC);
    userMood = cut(userMood, TOPIC);
    importantFacts = cut(importantFacts, FACT);
  }

  /** Whether nothing was noted. */
  public boolean isEmpty() {
    return summary == null && keyTopics.isEmpty() && userMood == null && importantFacts.isEmpty();
  }

  /** What it may be called, where nothing was said that could tell; null when nothing can. */
  @Nullable String title() {
    String best = keyTopics.isEmpty() ? summary : keyTopics.getFirst();
    return cut(best, TOPIC);
  }

  private static List<String> cut(List<String> texts, int most) {
    return texts.stream()
        .filter(text -> !text.isBlank())
        .map(text -> Excerpt.of(text, most))
        .distinct()
        .limit(LISTED)
        .toList();
  }

  private static @Nullable String cut(@Nullable String text, int most) {
    return text == null || text.isBlank()
        ? null
        : text.length() <= most ? text.strip() : Excerpt.of(text, most);
  }
}
