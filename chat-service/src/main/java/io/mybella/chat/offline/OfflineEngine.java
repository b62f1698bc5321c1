package io.mybella.chat.offline;

import io.mybella.chat.memory.Message;
import io.mybella.chat.memory.Message.Role;
import io.mybella.chat.offline.Tone.Lines;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.prompt.Prompt;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Replies in character by rules: it listens for what a message wants, speaks in the tone of the
 * persona, and refers to what was said before. The same prompt gives the same reply. It says that
 * it is offline when it is asked and when nothing in the recent conversation has said so yet.
 */
@Component
public class OfflineEngine {

  /** What this engine is called where a reply names its model. */
  public static final String NAME = "mybella-offline";

  private static final String NOTE =
      "(So that you know: I am answering offline, with simple rules instead of a language model.)";

  private static final Pattern FIRST_SENTENCE = Pattern.compile("(?<=[.!?])\\s");
  private static final int EXCERPT = 80;

  /** What is worth coming back to later. */
  private static final Set<Intent> TELLING =
      EnumSet.of(Intent.STATEMENT, Intent.SAD, Intent.GLAD, Intent.INTRODUCTION);

  /** What the answer to may have been told long ago. */
  private static final Set<Intent> ASKING = EnumSet.of(Intent.RECALL, Intent.QUESTION);

  OfflineEngine() {}

  /**
   * What is replied.
   *
   * @param content never blank
   * @param recalled the older messages that it quotes
   */
  public record Words(String content, List<Message> recalled) {}

  /** The reply to a prompt. */
  public Words reply(Prompt prompt) {
    Intent intent = Intent.of(prompt.said());
    Optional<Message> recalled = ASKING.contains(intent) ? recalled(prompt) : Optional.empty();
    String words = words(intent, prompt, recalled);
    boolean told = words.contains("offline") || toldBefore(prompt);
    return new Words(told ? words : words + "\n\n" + NOTE, recalled.stream().toList());
  }

  private static String words(Intent intent, Prompt prompt, Optional<Message> recalled) {
    Lines lines = Tone.of(prompt.persona()).lines();
    Optional<String> user = UserName.of(prompt);
    String words =
        switch (intent) {
          case CRISIS ->
              "{name} here, and I take that seriously{user}. I am only a program that answers with"
                  + " simple rules, so please talk to a person right now: your local emergency"
                  + " number, a crisis line, or somebody near you. You matter.";
          case HONESTY -> honesty(prompt.persona());
          case IDENTITY -> identity(prompt.persona());
          case MY_NAME -> myName(user);
          case RECALL ->
              recalled
                  .map(message -> "You once told me{user}: " + quoted(message.content()) + ".")
                  .orElseGet(() -> recall(prompt));
          case INTRODUCTION -> introduction(prompt, lines);
          case HOW_ARE_YOU -> choose(lines.wellBeing(), prompt) + " And how are you{user}?";
          case FAREWELL -> choose(lines.farewell(), prompt);
          case THANKS -> choose(lines.welcome(), prompt);
          case SAD -> choose(lines.comfort(), prompt);
          case GLAD -> choose(lines.cheer(), prompt) + " " + choose(lines.question(), prompt);
          case GREETING -> greeting(prompt, lines);
          case QUESTION ->
              recalled
                  .map(
                      message ->
                          "I am offline and cannot say much{user}, but you once told me: "
                              + quoted(message.content())
                              + ".")
                  .orElse(
                      "That is a question I cannot answer well while I am offline{user}. What do"
                          + " you think yourself?");
          case STATEMENT -> statement(prompt, lines);
        };
    return words
        .replace("{user}", user.map(name -> ", " + name).orElse(""))
        .replace("{name}", prompt.persona().displayName());
  }

  private static String honesty(Persona persona) {
    return "Honestly{user}: I am {name}, a companion made of software, no human. Right now I answer"
        + " offline, with simple rules instead of a language model."
        + sentence(" What stays true: ", persona.tagline());
  }

  private static String identity(Persona persona) {
    return "I am {name}."
        + sentence(" ", first(persona.description()))
        + listed(" People call me ", persona.personalityTraits())
        + sentence(" ", persona.tagline());
  }

  private static String myName(Optional<String> user) {
    return user.map(name -> "You are " + name + ". Of course I remember.")
        .orElse("You have not told me your name yet. What shall I call you?");
  }

  private static String recall(Prompt prompt) {
    List<String> told = told(prompt);
    if (told.isEmpty()) {
      return prompt.memory().summary() == null
          ? "You have not told me much yet{user}. What shall I know about you?"
          : "This is what I remember{user}: " + prompt.memory().summary();
    }
    List<String> latest = told.subList(Math.max(0, told.size() - 3), told.size());
    return "You told me{user}: "
        + String.join("; ", latest.stream().map(OfflineEngine::quoted).toList())
        + ".";
  }

  private static String introduction(Prompt prompt, Lines lines) {
    return "Nice to meet you{user}! I am {name}. " + choose(lines.question(), prompt);
  }

  private static String greeting(Prompt prompt, Lines lines) {
    String hello = choose(lines.greeting(), prompt);
    List<String> told = told(prompt);
    if (!told.isEmpty()) {
      return hello + " Last time you told me: " + quoted(told.getLast()) + ". How is that now?";
    }
    return prompt.history().isEmpty()
        ? hello + " I am {name}." + sentence(" ", prompt.persona().tagline())
        : hello;
  }

  private static String statement(Prompt prompt, Lines lines) {
    String heard =
        Mirror.of(prompt.said())
            .map(mirrored -> "So " + mirrored + ".")
            .orElseGet(() -> "You say " + quoted(prompt.said()) + ".");
    return choose(lines.acknowledgement(), prompt)
        + " "
        + heard
        + " "
        + choose(lines.question(), prompt);
  }

  /** What the user has told long ago that bears on what they say now. */
  private static Optional<Message> recalled(Prompt prompt) {
    return prompt.memory().recalled().stream().filter(OfflineEngine::tells).findFirst();
  }

  private static boolean tells(Message message) {
    return message.role() == Role.USER && TELLING.contains(Intent.of(message.content()));
  }

  /** What the user has told in the recent conversation, oldest first. */
  private static List<String> told(Prompt prompt) {
    var told = new ArrayList<String>();
    for (Message message : prompt.history()) {
      if (tells(message)) {
        told.add(message.content());
      }
    }
    return told;
  }

  private static boolean toldBefore(Prompt prompt) {
    return prompt.history().stream()
        .anyMatch(
            message ->
                message.role() == Role.ASSISTANT
                    && message.content().toLowerCase(Locale.ROOT).contains("offline"));
  }

  /** One of the lines, another one at each turn. */
  private static String choose(List<String> lines, Prompt prompt) {
    long turn = prompt.history().stream().filter(m -> m.role() == Role.ASSISTANT).count();
    return lines.get((int) Math.floorMod(turn + prompt.persona().id(), (long) lines.size()));
  }

  /** Braces would be taken for the places of names. */
  private static String quoted(String said) {
    String line = said.strip().replaceAll("\\s+", " ").replace('{', '(').replace('}', ')');
    // The sentence around the quotation has a full stop of its own.
    line = line.replaceFirst("[. ]+$", "");
    if (line.codePointCount(0, line.length()) > EXCERPT) {
      line = line.substring(0, line.offsetByCodePoints(0, EXCERPT)).strip() + "…";
    }
    return "“" + line + "”";
  }

  private static @Nullable String first(@Nullable String text) {
    return text == null ? null : FIRST_SENTENCE.split(text.strip(), 2)[0];
  }

  private static String sentence(String before, @Nullable String words) {
    if (words == null || words.isBlank()) {
      return "";
    }
    String stripped = words.strip();
    return before + stripped + (stripped.matches("(?s).*[.!?…]") ? "" : ".");
  }

  private static String listed(String before, @Nullable String traits) {
    if (traits == null || traits.isBlank()) {
      return "";
    }
    List<String> words =
        Pattern.compile(",")
            .splitAsStream(traits)
            .map(trait -> trait.strip().toLowerCase(Locale.ROOT))
            .filter(trait -> !trait.isEmpty())
            .toList();
    if (words.isEmpty()) {
      return "";
    }
    return words.size() == 1
        ? before + words.getFirst() + "."
        : before
            + String.join(", ", words.subList(0, words.size() - 1))
            + " and "
            + words.getLast()
            + ".";
  }
}
