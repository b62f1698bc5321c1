package io.mybella.chat.offline;

import io.mybella.chat.memory.Context.Preference;
import io.mybella.chat.memory.Message;
import io.mybella.chat.prompt.Prompt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds out what a user is called, from what the user said or the persona has learned. */
final class UserName {

  private static final String NAME = "(\\p{L}[\\p{L}'-]{0,30})";

  private static final Pattern TOLD =
      Pattern.compile(
          "\\b(?:my name(?:'s| is)|call me)\\s+" + NAME,
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** "I'm tired" is no introduction: it takes a greeting and a capital letter. */
  private static final Pattern GREETED =
      Pattern.compile("^\\W*(?i:hi|hello|hey)\\W+(?i:i'm|i am)\\s+(\\p{Lu}[\\p{L}'-]{0,30})");

  private static final Set<String> NO_NAMES =
      Set.of("a", "an", "the", "not", "when", "if", "later", "back", "tomorrow", "crazy");

  private static final Set<String> KEYS = Set.of("name", "user_name", "preferred_name");

  private UserName() {}

  /** The name that was told last. */
  static Optional<String> of(Prompt prompt) {
    List<String> said =
        Stream.concat(
                prompt.history().stream()
                    .filter(message -> message.role() == Message.Role.USER)
                    .map(Message::content),
                Stream.of(prompt.said()))
            .toList();
    return said.reversed().stream()
        .flatMap(text -> toldIn(text).stream())
        .findFirst()
        .or(
            () ->
                prompt.memory().preferences().stream()
                    .filter(learned -> KEYS.contains(learned.key().toLowerCase(Locale.ROOT)))
                    .map(Preference::value)
                    .findFirst());
  }

  private static Optional<String> toldIn(String text) {
    String plain = text.replace('\u2019', '\'');
    for (Pattern pattern : List.of(TOLD, GREETED)) {
      Matcher matcher = pattern.matcher(plain);
      if (matcher.find() && !NO_NAMES.contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
        String name = matcher.group(1);
        int first = name.offsetByCodePoints(0, 1);
        return Optional.of(
            name.substring(0, first).toUpperCase(Locale.ROOT) + name.substring(first));
      }
    }
    return Optional.empty();
  }
}
