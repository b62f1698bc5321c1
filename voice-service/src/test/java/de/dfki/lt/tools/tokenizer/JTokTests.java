package de.dfki.lt.tools.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import de.dfki.lt.tools.tokenizer.annotate.AnnotatedString;
import java.text.CharacterIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class JTokTests {

  @Test
  void wordsKeepApostrophesAndHyphens() {
    assertThat(tokens("Isn't that well-known?"))
        .containsExactly("Isn't", "that", "well-known", "?");
  }

  @Test
  void numbersKeepTheirSeparators() {
    assertThat(tokens("It costs $1,250.50 at 3:30pm."))
        .containsExactly("It", "costs", "$", "1,250.50", "at", "3:30pm", ".");
  }

  @Test
  void runsOfOneMarkAreOneToken() {
    assertThat(tokens("Well -- no!!")).containsExactly("Well", "--", "no", "!!");
  }

  @Test
  void aSentenceStartsAfterItsEndAndTheQuotesThatCloseIt() {
    assertThat(tokens("He said \"go.\" She went! Why?"))
        .containsExactly("He", "said", "\"", "go", ".", "\"", "tu:She", "went", "!", "tu:Why", "?");
  }

  @Test
  void anAbbreviationEndsNoSentence() {
    assertThat(tokens("Dr. Smith left, e.g. today. J. Doe stayed."))
        .containsExactly(
            "Dr.", "Smith", "left", ",", "e.g.", "today", ".", "tu:J.", "Doe", "stayed", ".");
  }

  @Test
  void theLastDotIsAlwaysAToken() {
    assertThat(tokens("Ask the Dr.")).containsExactly("Ask", "the", "Dr", ".");
  }

  @Test
  void anEmptyLineStartsAParagraph() {
    assertThat(tokens("One.\n \nTwo.")).containsExactly("One", ".", "p:Two", ".");
  }

  @Test
  void everyCharacterButSpaceBelongsToAToken() {
    String text = "Zoë paid 50€ — über 100%! (see https://example.org/a?b=1) 😀 naïve…";
    assertThat(String.join("", tokens(text)).replace("tu:", "")).isEqualTo(text.replace(" ", ""));
  }

  /** Walks the text just as MaryTTS does; a border stands in front of its token. */
  private static List<String> tokens(String text) {
    AnnotatedString annotated = new JTok(new Properties()).tokenize(text, "en");
    List<String> tokens = new ArrayList<>();
    char c = annotated.setIndex(0);
    while (c != CharacterIterator.DONE) {
      int start = annotated.getRunStart("class");
      int end = annotated.getRunLimit("class");
      if (annotated.getAnnotation("class") != null) {
        Object border = annotated.getAnnotation("border");
        tokens.add((border == null ? "" : border + ":") + annotated.substring(start, end));
      }
      c = annotated.setIndex(end);
    }
    return tokens;
  }
}
