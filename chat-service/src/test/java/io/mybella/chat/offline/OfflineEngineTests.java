package io.mybella.chat.offline;

import static io.mybella.chat.PromptMother.coach;
import static io.mybella.chat.PromptMother.conversation;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chat.PromptMother;
import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Context.Preference;
import io.mybella.chat.memory.Message;
import io.mybella.chat.memory.Message.Role;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.prompt.Prompt;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineEngineTests {

  private static final String TOLD = "I am answering offline, by the way.";

  private final OfflineEngine engine = new OfflineEngine();

  @Test
  void greetsByItsNameWithItsTagline() {
    String reply = reply(conversation().says("Hello!"));

    assertThat(reply).contains("I am Maya.").contains("Look up.");
  }

  @Test
  void saysOnItsFirstReplyThatItIsOffline() {
    assertThat(reply(conversation().says("I bought a telescope."))).contains("answering offline");
  }

  @Test
  void doesNotRepeatThatItIsOfflineInTheSameConversation() {
    assertThat(reply(conversation().user("Hi").persona(TOLD).says("I bought a telescope.")))
        .doesNotContain("offline");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Are you real?",
        "are you an AI",
        "Are you offline?",
        "which model is this?",
        "Are you really human?"
      })
  void isHonestWhenAskedWhatItIs(String question) {
    assertThat(reply(conversation().user("Hi").persona(TOLD).says(question)))
        .contains("no human")
        .contains("offline")
        .contains("rules instead of a language model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Who are you?",
        "What's your name?",
        "What’s your name?",
        "tell me about yourself"
      })
  void saysWhoItIsInThePersonasWords(String question) {
    assertThat(reply(conversation().says(question)))
        .contains("I am Maya.")
        .contains("A wise friend who loves the night sky.")
        .doesNotContain("She reads a lot")
        .contains("calm, curious and kind");
  }

  @Test
  void aPersonaOfWhichOnlyTheNameIsKnownAnswersToo() {
    var bare = new Persona(9, "Bo", "Bo", null, null, null, null);

    assertThat(reply(conversation().with(bare).says("Who are you?"))).startsWith("I am Bo.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "My name is Ada.|Ada",
        "please call me ben|Ben",
        "my name's Éloïse, nice to meet you|Éloïse",
        "Hi, I'm Zoe!|Zoe"
      })
  void remembersTheNameThatTheUserTold(String introduction, String name) {
    assertThat(
            reply(conversation().user(introduction).persona(TOLD).says("Do you remember my name?")))
        .isEqualTo("You are " + name + ". Of course I remember.");
  }

  @Test
  void doesNotTakeAMoodForAName() {
    assertThat(reply(conversation().user("I'm tired").persona(TOLD).says("Who am I?")))
        .contains("have not told me your name");
  }

  @Test
  void theNameThatWasToldLastCounts() {
    assertThat(
            reply(
                conversation()
                    .user("My name is Ada")
                    .persona(TOLD)
                    .user("Actually, call me Addie")
                    .persona("Fine.")
                    .says("What is my name?")))
        .contains("Addie");
  }

  @Test
  void knowsANameThatWasLearnedLongAgo() {
    var memory =
        new Context(List.of(), null, List.of(new Preference("person", "name", "Ada")), List.of());

    assertThat(reply(conversation().remembering(memory).says("Thank you"))).contains(", Ada.");
  }

  @Test
  void comesBackToWhatWasToldWhenGreetedAgain() {
    assertThat(
            reply(
                conversation()
                    .user("My name is Ada")
                    .persona(TOLD)
                    .user("I want to learn the piano")
                    .persona("Wonderful.")
                    .says("hi")))
        .contains(", Ada")
        .contains("“I want to learn the piano”");
  }

  @Test
  void saysWhatWasToldWhenAsked() {
    assertThat(
            reply(
                conversation()
                    .user("I bought a red kite")
                    .persona(TOLD)
                    .user("How are you?")
                    .persona("Fine.")
                    .says("What did I tell you?")))
        .contains("“I bought a red kite”")
        .doesNotContain("How are you?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"What does my cat eat?", "What did I tell you about my cat?"})
  void saysWhatWasToldLongAgoWhereItBearsOnTheQuestion(String question) {
    Message own = message(Role.ASSISTANT, "Your cat is a fine cat.");
    Message asked = message(Role.USER, "Is a cat a good idea?");
    Message told = message(Role.USER, "My cat {user} is called Minka.");
    var memory = new Context(List.of(), null, List.of(), List.of(own, asked, told));

    OfflineEngine.Words words = engine.reply(conversation().remembering(memory).says(question));

    assertThat(words.content())
        .containsIgnoringCase("you once told me: “My cat (user) is called Minka”.");
    assertThat(words.recalled()).containsExactly(told);
    assertThat(engine.reply(conversation().remembering(memory).says("Hi")).recalled()).isEmpty();
  }

  private static Message message(Role role, String content) {
    return new Message(UUID.randomUUID(), role, content, Instant.EPOCH, null);
  }

  @Test
  void inventsNoMemories() {
    assertThat(reply(conversation().says("What did I just say?"))).contains("not told me much yet");
  }

  @Test
  void saysBackWhatTheUserSaidOfThemselves() {
    assertThat(
            reply(
                conversation().user("Hi").persona(TOLD).says("I was at my sister's and I'm home.")))
        .contains("So you were at your sister's and you are home.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nurturing|Be gentle with yourself|You do not have to carry it alone",
        "motivating|One small step|you showed up",
        "Playful and witty|that stinks|send cake",
        "philosophical|That is heavy|I feel the weight",
        "professional|What would help most|piece by piece"
      })
  void comfortsInTheToneOfThePersona(String style, String one, String other) {
    var persona = new Persona(2, "Kim", "Kim", null, null, style, null);

    assertThat(reply(conversation().with(persona).says("I feel so sad today")))
        .satisfiesAnyOf(
            reply -> assertThat(reply).contains(one), reply -> assertThat(reply).contains(other));
  }

  @Test
  void theTraitsDecideWhenTheStyleSaysNothing() {
    var persona = new Persona(2, "Kim", "Kim", null, "Witty, Loud", "unusual", null);

    assertThat(Tone.of(persona))
        .isEqualTo(Tone.of(new Persona(3, "x", "x", null, null, "playful", null)));
  }

  @Test
  void inDangerItPointsToPeople() {
    assertThat(reply(conversation().with(coach()).says("I want to die")))
        .contains("emergency")
        .contains("crisis line")
        .contains("Coach Sam here");
  }

  @Test
  void admitsThatItCannotAnswerAQuestion() {
    assertThat(reply(conversation().user("Hi").persona(TOLD).says("Why is the sky blue?")))
        .contains("cannot answer well while I am offline");
  }

  @Test
  void anotherTurnGetsOtherWords() {
    String first = reply(conversation().user("x").persona(TOLD).says("thanks"));
    String second =
        reply(conversation().user("x").persona(TOLD).user("y").persona("z").says("thanks"));

    assertThat(first).isNotEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(strings = {"你好，我今天很累", "...", "{user} {name} %s $1 \\", "🙂", "a\nb\nc", "?", "'"})
  void anythingGetsAWholeReplyAlwaysTheSame(String said) {
    String reply = reply(conversation().says(said));

    assertThat(reply).isNotBlank();
    assertThat(reply(conversation().says(said))).isEqualTo(reply);
  }

  @Test
  void aQuotationDoesNotEndWithTwoFullStops() {
    assertThat(reply(conversation().says("Rain again. My sister moved to Lisbon.")))
        .contains("My sister moved to Lisbon”")
        .doesNotContain(".”.");
  }

  @Test
  void longTextIsQuotedShortlyAndWithoutCuttingACharacter() {
    String reply = reply(conversation().says("🙂".repeat(4_000)));

    assertThat(reply).hasSizeLessThan(500);
    assertThat(reply.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)).isTrue();
  }

  @Test
  void personasSpeakDifferently() {
    assertThat(reply(conversation().with(coach()).says("Hello")))
        .isNotEqualTo(reply(conversation().with(PromptMother.maya()).says("Hello")));
  }

  private String reply(Prompt prompt) {
    return engine.reply(prompt).content();
  }
}
