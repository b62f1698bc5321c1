package io.mybella.operator.importing;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks, in the words of old. Whatever is neither of the person nor of the app is of the
 * persona: a person must not get words put into the mouth.
 */
final class OldRole {

  private static final Set<String> USER = Set.of("user", "human");
  private static final Set<String> PERSONA = Set.of("bot", "assistant", "ai");

  private OldRole() {}

  /** The role as it is called today. */
  static String today(@Nullable String old) {
    String folded = old == null ? "" : old.strip().toLowerCase(Locale.ROOT);
    return USER.contains(folded) ? "user" : folded.equals("system") ? "system" : "assistant";
  }

  /** Whether the old name says what it is. */
  static boolean isKnown(@Nullable String old) {
    String folded = old == null ? "" : old.strip().toLowerCase(Locale.ROOT);
    return USER.contains(folded) || PERSONA.contains(folded) || folded.equals("system");
  }

  /** The same as {@link #today} in SQL. */
  static String sql(String column) {
    return """
    CASE lower(trim(coalesce(%s, '')))
      WHEN 'user' THEN 'user' WHEN 'human' THEN 'user' WHEN 'system' THEN 'system'
      ELSE 'assistant' END
    """
        .formatted(column);
  }
}
