package io.mybella.memory.understanding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation was about. Whatever is longer than its bound is cut, and lists are ended: a
 * model may say more than it was asked for.
 *
 * @param title at most {@value #TITLE} characters; null when nothing was said, and likewise the
 *     summary
 * @param summary at most {@value #SUMMARY} characters
 * @param keyTopics the strongest first, at most {@value #LISTED} of {@value #TOPIC} characters
 * @param userMood a word; null when nothing tells
 * @param importantFacts what the user said about themselves, at most {@value #LISTED} of {@value
 *     #FACT} characters
 * @param told the same as preferences, where something can tell them; at most {@value #TOLD}
 */
public record Understood(
    @Nullable String title,
    @Nullable String summary,
    List<String> keyTopics,
    @Nullable String userMood,
    List<String> importantFacts,
    List<Told> told) {

  /** Characters of a title. */
  public static final int TITLE = 80;

  /** Characters of a summary. */
  public static final int SUMMARY = 500;

  /** Topics, and facts. */
  public static final int LISTED = 5;

  /** Characters of a topic, and of a mood. */
  public static final int TOPIC = 60;

  /** Characters of a fact. */
  public static final int FACT = 200;

  /** Preferences. */
  public static final int TOLD = 10;

  /** Of a conversation in which nothing was said. */
  public static final Understood NOTHING = new Understood(null, null, List.of(), null, List.of());

  /** Keeps the bounds. */
  public Understood {
    title = cut(title, TITLE);
    // Its lines are kept where they fit.
    summary =
        summary == null || summary.length() > SUMMARY ? cut(summary, SUMMARY) : summary.strip();
    keyTopics = keyTopics.stream().limit(LISTED).map(each -> Excerpt.of(each, TOPIC)).toList();
    userMood = cut(userMood, TOPIC);
    importantFacts =
        importantFacts.stream().limit(LISTED).map(each -> Excerpt.of(each, FACT)).toList();
    told = told.stream().limit(TOLD).toList();
  }

  /** Without preferences. */
  public Understood(
      @Nullable String title,
      @Nullable String summary,
      List<String> keyTopics,
      @Nullable String userMood,
      List<String> importantFacts) {
    this(title, summary, keyTopics, userMood, importantFacts, List.of());
  }

  private static @Nullable String cut(@Nullable String text, int most) {
    return text == null || text.isBlank() ? null : Excerpt.of(text, most);
  }
}
