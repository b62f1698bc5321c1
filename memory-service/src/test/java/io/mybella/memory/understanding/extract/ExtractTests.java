package io.mybella.memory.understanding.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.understanding.Talk;
import io.mybella.memory.understanding.Talk.Utterance;
import io.mybella.memory.understanding.Understood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractTests {

  private static final Talk ENGLISH =
      talk(
          "Hi! My name is Ada, and I am moving to Lisbon in March.",
          "Hello Ada! How exciting. What takes you to Lisbon?",
          "I start a new job as a pottery teacher. The pottery class is close to the river.",
          "A pottery class by the river sounds lovely. Have you found a flat in Lisbon yet?",
          "Not yet. I'm a bit nervous about the flat. My sister Ines lives in Lisbon, she helps"
              + " me.",
          "It is normal to be nervous. Your sister knows the city.",
          "I'm allergic to cats, so the flat must be free of cats. Is that a strange wish?",
          "Not at all.");

  private final Extract extract = new Extract();

  /** The user begins, and both take turns. */
  private static Talk talk(String... texts) {
    List<Utterance> utterances = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      utterances.add(new Utterance(i % 2 == 0, texts[i]));
    }
    return new Talk(utterances);
  }

  @Test
  void anEnglishTalkIsUnderstood() {
    Understood understood = extract.of(ENGLISH);

    assertThat(understood.title()).isEqualTo("Pottery class, Lisbon");
    assertThat(understood.keyTopics()).hasSizeBetween(3, 5).contains("Lisbon", "pottery class");
    assertThat(understood.userMood()).isEqualTo("worried");
    assertThat(understood.importantFacts())
        .containsExactly(
            "My name is Ada, and I am moving to Lisbon in March.",
            "I start a new job as a pottery teacher.",
            "My sister Ines lives in Lisbon, she helps me.",
            "I'm allergic to cats, so the flat must be free of cats.");
    assertThat(understood.summary().lines())
        .hasSizeBetween(2, 3)
        .allMatch(line -> line.startsWith("User: ") || line.startsWith("Persona: "))
        .anyMatch(line -> line.contains("Lisbon"))
        .anyMatch(line -> line.contains("pottery") || line.contains("flat"));
    assertThat(understood.summary()).hasSizeLessThanOrEqualTo(500);
  }

  @Test
  void asidesAndQuestionsTellNothing() {
    Understood understood =
        extract.of(
            talk(
                "My sister is called Mara.",
                "Called Mara? How does that make you feel?\n\n(My sister the computer says simple"
                    + " simple rules.)",
                "(She sings in a choir.)"));

    assertThat(understood.summary())
        .isEqualTo("User: My sister is called Mara.\nUser: (She sings in a choir.)");
    assertThat(understood.keyTopics()).noneMatch(topic -> topic.contains("simple"));
    assertThat(extract.of(talk("Who is called Mara?")).summary())
        .isEqualTo("User: Who is called Mara?");
  }

  @Test
  void theSentencesOfASummaryAreInTheOrderOfTheTalk() {
    String whole = String.join("\n", ENGLISH.utterances().stream().map(Utterance::text).toList());
    List<Integer> places =
        extract
            .of(ENGLISH)
            .summary()
            .lines()
            .map(line -> whole.indexOf(line.substring(line.indexOf(' ') + 1)))
            .toList();
    assertThat(places).isSorted().doesNotContain(-1);
  }

  @Test
  void aGermanTalkIsUnderstood() {
    Understood understood =
        extract.of(
            talk(
                "Hallo! Ich heiße Jonas und wohne in Bremen.",
                "Hallo Jonas, wie geht es dir heute?",
                "Ich bin traurig, weil mein Hund krank ist. Der Tierarzt hat den Hund untersucht.",
                "Das tut mir leid. Was sagt der Tierarzt?",
                "Der Tierarzt sagt, der Hund braucht Ruhe. Ich bin nicht wütend, nur traurig."));

    assertThat(understood.keyTopics()).contains("Hund", "Tierarzt").doesNotContain("ich", "der");
    assertThat(understood.title()).isEqualTo("Hund, Tierarzt");
    assertThat(understood.userMood()).isEqualTo("sad");
    assertThat(understood.importantFacts())
        .contains("Ich heiße Jonas und wohne in Bremen.")
        .anyMatch(fact -> fact.contains("mein Hund"));
    assertThat(understood.summary()).contains("Tierarzt", "Hund");
  }

  @Test
  void aJapaneseTalkIsUnderstoodWithoutSpaces() {
    Understood understood =
        extract.of(
            talk(
                "私の名前は健太です。来週、京都へ旅行に行きます。",
                "いいですね。京都では何をしますか？",
                "京都でお寺を見ます。抹茶が大好きです。旅行が楽しいです。",
                "抹茶のケーキも美味しいですよ。"));

    assertThat(understood.keyTopics()).contains("京都", "抹茶", "旅行");
    assertThat(understood.title()).isEqualTo("京都, 旅行");
    assertThat(understood.userMood()).isEqualTo("glad");
    assertThat(understood.importantFacts()).containsExactly("私の名前は健太です。", "抹茶が大好きです。");
    assertThat(understood.summary()).contains("User: ", "京都");
  }

  @ParameterizedTest
  @CsvSource({
    "I am not happy about it,",
    "I was never really angry,",
    "I am so tired,tired",
    "I am happy. No: I am sad,sad",
    "The weather is what it is,",
    "I don't hate you. I am grateful,grateful"
  })
  void aMoodIsWhatTheUserSaysUnlessItIsDenied(String said, String mood) {
    assertThat(extract.of(talk(said + " and that is that.", "I am angry and sad.")).userMood())
        .isEqualTo(mood);
  }

  @Test
  void anUnknownLanguageHasTopicsAndASummary() {
    Understood understood =
        extract.of(
            talk(
                "Jutro jedziemy pociągiem przez góry.",
                "Pociągiem jest zawsze ciekawie.",
                "Góry są zimą piękne."));
    assertThat(understood.keyTopics()).isNotEmpty();
    assertThat(understood.summary()).contains("jedziemy pociągiem");
    assertThat(understood.userMood()).isNull();
    assertThat(understood.importantFacts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "en,What is it that you would like to do?",
    "de,Was möchtest du denn heute gerne machen?",
    "fr,Je ne sais pas ce que tu veux faire avec lui.",
    "es,No sé lo que quieres hacer con él.",
    "ru,Я не знаю что он хочет от меня.",
    "ja,これは何ですか",
    "und,xyzzy plugh",
    "und,Jutro jedziemy pociągiem przez góry"
  })
  void aLanguageIsKnownByItsSmallestWords(String language, String text) {
    assertThat(Language.of(List.of(text)).locale().toLanguageTag()).isEqualTo(language);
  }

  @Test
  void withoutRepetitionTheTitleIsTheBeginningOfWhatTheUserSaidFirst() {
    String first =
        "could you tell me whether it is going to rain in the northern hills tomorrow "
            + "or the week after it";
    Understood understood = extract.of(talk(first, "Probably."));
    assertThat(understood.title())
        .startsWith("Could you tell me whether it is going to rain")
        .endsWith("…")
        .hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void nothingSaidIsNothingUnderstood() {
    assertThat(extract.of(new Talk(List.of()))).isEqualTo(Understood.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "🙂", "🙂🙂 ...", "\n", "​", "1234", "a", "京", "\t \u2028"})
  void whateverIsSaidHasAnAnswerWithinTheBounds(String said) {
    Understood understood = extract.of(talk(said, said));
    assertThat(understood.keyTopics()).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void theLongestTalkIsUnderstoodWithinSecondsAndBounds() {
    String text = "Wörterbuch 漢字仮名 ".repeat(160).substring(0, Talk.MOST_CHARACTERS);
    Talk longest = new Talk(Collections.nCopies(Talk.MOST_UTTERANCES, new Utterance(true, text)));
    long begin = System.nanoTime();
    Understood understood = extract.of(longest);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    assertThat(understood.summary()).hasSizeLessThanOrEqualTo(Understood.SUMMARY);
    assertThat(understood.title()).hasSizeLessThanOrEqualTo(Understood.TITLE);
    assertThat(understood.keyTopics()).allMatch(topic -> topic.length() <= Understood.TOPIC);
  }
}
