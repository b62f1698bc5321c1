package io.mybella.memory.fact;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.fact.Finding.Withdrawal;
import io.mybella.memory.history.Role;
import io.mybella.memory.history.Said;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users say in so many words, in English and in German. */
class ExplicitWordsTests {

  private static final int LONGEST = 32_000;

  private final ExplicitWords words = new ExplicitWords();

  ExplicitWordsTests() throws IOException {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Remember that I am vegetarian                      | remembered | i am vegetarian        | I am vegetarian
          remember that my sister is called Mara.            | remembered | my sister is called mara | my sister is called Mara
          Please remember I can't swim!                      | remembered | i cant swim            | I can't swim
          Hey Maya, don’t forget that I’m allergic to nuts   | remembered | im allergic to nuts    | I'm allergic to nuts
          OK, please, do not forget that we meet at 5 p.m.   | remembered | we meet at 5 p m       | we meet at 5 p.m
          Hello.  REMEMBER   that I live\tin Bonn. Bye       | remembered | i live in bonn         | I live in Bonn
          remember: Dr. Smith is my doctor. He is nice.      | remembered | dr smith is my doctor  | Dr. Smith is my doctor
          my favourite colour is green                       | favourites | favourite colour       | green
          My favorite Colour is dark green, I think.         | favourites | favourite colour       | dark green
          Well, my favourite books are those of Le Guin      | favourites | favourite books        | those of Le Guin
          remember that my favorite colour is green          | favourites | favourite colour       | green
          Remember that my name is Ada                       | about      | name                   | Ada
          please remember that my birthday is on May 5       | about      | birthday               | May 5
          Merk dir, dass ich Vegetarier bin                  | remembered | ich vegetarier bin     | ich Vegetarier bin
          Bitte merke dir: ich wohne in Köln.                | remembered | ich wohne in köln      | ich wohne in Köln
          Vergiss nicht, dass ich nie lüge                   | remembered | ich nie lüge           | ich nie lüge
          Hallo Maya, denk daran, dass ich Ada heiße         | about      | name                   | Ada
          Meine Lieblingsfarbe ist Grün.                     | favourites | lieblingsfarbe         | Grün
          Merk dir, dass meine Lieblingsfarbe Grün ist       | favourites | lieblingsfarbe         | Grün
          """)
  void whatIsToBeRememberedIsFound(String text, String category, String key, String value) {
    assertThat(found(text))
        .singleElement()
        .isInstanceOfSatisfying(
            Observation.class,
            found -> {
              assertThat(found.name()).isEqualTo(new FactName(category, key));
              assertThat(found.value()).isEqualTo(value);
              assertThat(found.source()).isEqualTo(Source.TOLD);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Do you remember that I am vegetarian?",
        "Remember that I am vegetarian?",
        "I remember that we met in Bonn",
        "I can't remember that",
        "You should not forget that it rains",
        "remember",
        "remember that",
        "Remember that!",
        "remember that one",
        "Don't forget to buy milk",
        "remembering that I sing",
        "remember thats it",
        "The song says \"remember that I sing\"",
        "My favourite",
        "my favourite colour",
        "my favourite is is",
        "my favourite thing about living in this town is the sea",
        "my favourite part is when he comes home and all of them sit at the table and sing songs",
        "My name is Ada",
        "Weißt du noch, dass ich singe?",
        "Ich vergesse nicht, dass es regnet",
        "",
        " \n ",
        "? ! . , : ;"
      })
  void whatTellsNothingIsPassedOver(String text) {
    assertThat(found(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          forget that I am vegetarian              | I am vegetarian!
          Please forget that I’m vegetarian.       | i'm vegetarian
          You can forget what I am called          | What I am called
          Vergiss, dass ich Vegetarier bin         | ich Vegetarier bin
          Du kannst vergessen, dass ich singe      | ich singe
          """)
  void whatIsToBeForgottenIsFound(String text, String statement) {
    assertThat(withdrawal(text).words()).contains(Words.of(statement));
  }

  @Test
  void whatHasANameIsForgottenByItsNameOrWithItsValue() {
    assertThat(withdrawal("You can forget my favourite colour").words())
        .contains("favourite colour");
    assertThat(withdrawal("vergiss meine Lieblingsfarbe").words()).contains("lieblingsfarbe");
    Withdrawal.Named named = withdrawal("Forget that my favorite colour is Green").named();
    assertThat(named)
        .isEqualTo(new Withdrawal.Named(new FactName("favourites", "favourite colour"), "green"));
  }

  @Test
  void aMessageMayTellMuch() {
    assertThat(
            found(
                "Remember that I sing. I like it! Forget that I dance\nMy favourite tea is black"))
        .hasSize(3);
    assertThat(found("remember that I sing.\n".repeat(50))).hasSize(ExplicitWords.MOST);
  }

  @Test
  void onlyTheUsersWordsCount() {
    for (Role role : List.of(Role.ASSISTANT, Role.SYSTEM)) {
      assertThat(
              words.findings(
                  new Said(UUID.randomUUID(), role, "Remember that I sing", Instant.EPOCH), false))
          .isEmpty();
    }
  }

  @Test
  void aLongStatementIsCalledByItsBeginningAndNotMistakenForAnother() {
    String beginning = "Remember that " + "I sing and ".repeat(20);
    FactName one = ((Observation) found(beginning + "dance").getFirst()).name();
    FactName other = ((Observation) found(beginning + "swim").getFirst()).name();
    assertThat(one).isNotEqualTo(other);
    assertThat(one.key()).hasSizeLessThanOrEqualTo(120).startsWith("i sing and i sing");
    assertThat(found("Remember that " + "I sing and ".repeat(300))).isEmpty();
  }

  /** None of them may take longer than its length explains, however it is made. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "remember that ",
        "remember that, ",
        "forget that ",
        "forget, ",
        "hey, ",
        "hey hey: ",
        "please ",
        "my favourite ",
        "my favourite x is ",
        "meine lieblings ",
        "ich heiße ",
        ", ",
        ". ",
        ".",
        "dr. ",
        "\n",
        "don't ",
        "ʼ’'",
        "remember\u00a0that\u3000",
        "İI\u0307",
        "🙂 "
      })
  void hostileTextIsReadQuickly(String piece) {
    String text = ("remember that " + piece.repeat(LONGEST / piece.length())).substring(0, LONGEST);
    found(text);
    long begin = System.nanoTime();
    found(text);
    found("my favourite " + text);
    found(piece.repeat(LONGEST / piece.length()) + " forget");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
  }

  private Withdrawal withdrawal(String text) {
    return (Withdrawal) found(text).getFirst();
  }

  private List<Finding> found(String text) {
    return words.findings(new Said(UUID.randomUUID(), Role.USER, text, Instant.EPOCH), false);
  }
}
