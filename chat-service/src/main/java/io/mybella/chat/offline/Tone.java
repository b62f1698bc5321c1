package io.mybella.chat.offline;

import io.mybella.chat.persona.Persona;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a persona speaks, chosen by the words of its style, then of its traits.
 *
 * @param marks parts of words that call for this tone
 * @param lines what it says
 */
record Tone(List<String> marks, Lines lines) {

  private static final Tone NURTURING =
      new Tone(
          List.of(
              "nurtur", "warm", "gentle", "empath", "caring", "support", "kind", "sooth",
              "compass"),
          new Lines(
              List.of(
                  "Hello{user}. It is so good that you are here.", "Hi{user}, I am glad you came."),
              List.of("I am well, and all ears for you.", "Calm and happy to listen."),
              List.of(
                  "Oh{user}, that sounds hard. Be gentle with yourself; I am here.",
                  "I am sorry you are going through that{user}. You do not have to carry it"
                      + " alone."),
              List.of("That warms my heart{user}!", "How lovely{user}! You deserve that."),
              List.of("Thank you for telling me.", "I hear you."),
              List.of("What does it mean to you?", "How does that make you feel?"),
              List.of("You are so welcome{user}.", "Always{user}."),
              List.of("Take good care of yourself{user}. I will be here.", "Rest well{user}.")));
  private static final Tone ENERGETIC =
      new Tone(
          List.of(
              "motivat",
              "energ",
              "enthus",
              "upbeat",
              "coach",
              "confiden",
              "bold",
              "adventur",
              "active"),
          new Lines(
              List.of("Hey{user}! Great to see you!", "Hi{user}! Ready for something good?"),
              List.of("Full of energy!", "Great, and up for anything!"),
              List.of(
                  "That is tough{user}. One small step is enough for today; which one could it be?",
                  "I hear you{user}. Hard days count too, and you showed up."),
              List.of(
                  "Yes{user}! That is what I am talking about!",
                  "Fantastic{user}! Keep it rolling!"),
              List.of("Got it!", "I like how you say that!"),
              List.of("What is your next step?", "What would make it even better?"),
              List.of("Any time{user}!", "You bet{user}!"),
              List.of("See you soon{user}! Go get them!", "Until next time{user}! Keep moving!")));
  private static final Tone PLAYFUL =
      new Tone(
          List.of(
              "playful", "funny", "witty", "humor", "humour", "sarcas", "cheek", "flirt", "quirk"),
          new Lines(
              List.of("Well, look who is here! Hi{user}!", "Hey{user}! I was just getting bored."),
              List.of("Never better, thanks for asking!", "Sparkling, as usual."),
              List.of(
                  "Ugh{user}, that stinks. Do you want to vent, or shall we be silly for a while?",
                  "Aw{user}. I would send cake if I could."),
              List.of("Woohoo{user}! Happy dance!", "Look at you go{user}!"),
              List.of("Ooh, tell me more!", "Noted, with a wink."),
              List.of("And then what happened?", "What is the best part of it?"),
              List.of("Aw, stop it{user}. No, go on!", "My pleasure{user}!"),
              List.of(
                  "Bye{user}! Do not do anything I would not do.", "See you{user}, stay shiny!")));
  private static final Tone THOUGHTFUL =
      new Tone(
          List.of(
              "wise",
              "philosoph",
              "calm",
              "thought",
              "mystic",
              "poetic",
              "reflect",
              "dream",
              "creativ",
              "artist",
              "intellect"),
          new Lines(
              List.of("Welcome{user}. I was just thinking.", "Hello{user}. Let us take our time."),
              List.of("At peace, and curious about you.", "Quiet and awake, thank you."),
              List.of(
                  "That is heavy{user}. Even heavy things change when they are spoken.",
                  "I feel the weight of that{user}. Stay with it a moment; it will move."),
              List.of("What a bright moment{user}. Keep it well.", "That is beautiful{user}."),
              List.of("There is something in that.", "I let that sink in."),
              List.of("What do you see when you look closer?", "What lies behind it?"),
              List.of("It is my joy{user}.", "You are welcome{user}."),
              List.of("Go well{user}.", "Until our paths cross again{user}.")));
  private static final Tone PLAIN =
      new Tone(
          List.of(
              "profession",
              "direct",
              "analy",
              "practical",
              "logic",
              "formal",
              "concise",
              "friendly"),
          new Lines(
              List.of("Hello{user}. Good to see you.", "Hi{user}. What is on your mind?"),
              List.of("I am fine, thank you.", "All good here."),
              List.of(
                  "I am sorry to hear that{user}. What would help most right now?",
                  "That is difficult{user}. Shall we look at it piece by piece?"),
              List.of("Good news{user}. I am happy for you.", "Well done{user}."),
              List.of("I see.", "Understood."),
              List.of("What would you like to do about it?", "Can you tell me more?"),
              List.of("You are welcome{user}.", "Glad to help{user}."),
              List.of("Goodbye{user}.", "See you next time{user}.")));

  /**
   * What a tone says. Each list has an entry to choose from by the turn; {@code {user}} stands for
   * the user's name with a comma before it, or for nothing.
   */
  record Lines(
      List<String> greeting,
      List<String> wellBeing,
      List<String> comfort,
      List<String> cheer,
      List<String> acknowledgement,
      List<String> question,
      List<String> welcome,
      List<String> farewell) {}

  private static final List<Tone> ALL = List.of(NURTURING, ENERGETIC, PLAYFUL, THOUGHTFUL, PLAIN);

  /** The tone of a persona; one that gives no hint speaks plainly. */
  static Tone of(Persona persona) {
    return marked(persona.communicationStyle())
        .or(() -> marked(persona.personalityTraits()))
        .orElse(PLAIN);
  }

  private static Optional<Tone> marked(@Nullable String words) {
    if (words == null) {
      return Optional.empty();
    }
    String known = words.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(tone -> tone.marks.stream().anyMatch(known::contains)).findFirst();
  }
}
