package io.mybella.chat.offline;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says back what somebody said of themselves: "I miss my dog." is "you miss your dog". */
final class Mirror {

  private static final int LONGEST = 100;
  private static final Pattern FIRST_SENTENCE = Pattern.compile("^\\s*([^.!?\\n]+)");
  private static final Pattern ABOUT_ONESELF =
      Pattern.compile("^(i|i'm|i've|i'd|i'll|my)\\s.+", Pattern.CASE_INSENSITIVE);
  private static final Pattern WORD = Pattern.compile("[\\p{L}']+");

  private static final Map<String, String> SWAPPED =
      Map.ofEntries(
          Map.entry("i", "you"),
          Map.entry("i'm", "you are"),
          Map.entry("i've", "you have"),
          Map.entry("i'd", "you would"),
          Map.entry("i'll", "you will"),
          Map.entry("am", "are"),
          Map.entry("me", "you"),
          Map.entry("my", "your"),
          Map.entry("mine", "yours"),
          Map.entry("myself", "yourself"),
          Map.entry("you", "me"),
          Map.entry("your", "my"),
          Map.entry("yours", "mine"),
          Map.entry("yourself", "myself"));

  private Mirror() {}

  /** What was said, said back; empty when it is not about oneself or too long. */
  static Optional<String> of(String said) {
    Matcher sentence = FIRST_SENTENCE.matcher(said.replace('\u2019', '\''));
    if (!sentence.find()) {
      return Optional.empty();
    }
    String first = sentence.group(1).strip();
    if (first.length() > LONGEST || !ABOUT_ONESELF.matcher(first).matches()) {
      return Optional.empty();
    }
    var mirrored = new StringBuilder();
    Matcher words = WORD.matcher(first);
    String before = "";
    while (words.find()) {
      String word = words.group().toLowerCase(Locale.ROOT);
      String swapped = word.equals("was") && before.equals("i") ? "were" : SWAPPED.get(word);
      words.appendReplacement(
          mirrored, Matcher.quoteReplacement(swapped == null ? words.group() : swapped));
      before = word;
    }
    words.appendTail(mirrored);
    return Optional.of(mirrored.toString());
  }
}
