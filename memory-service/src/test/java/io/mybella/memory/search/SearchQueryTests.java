package io.mybella.memory.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SearchQueryTests {

  @Test
  void beginningsOfWordsAreTakenOutAndTheRestIsLeft() {
    assertThat(SearchQuery.parse("green tea* -sug* \"two words*\" OR -cup"))
        .isEqualTo(
            new SearchQuery(
                "\"green\" \"two words*\" OR -\"cup\"", List.of("'tea':*"), List.of("'sug':*")));
  }

  @Test
  void whatWouldMeanSomethingInABeginningIsPartOfTheWord() {
    assertThat(SearchQuery.parse("o'b\\|!(a):b* *a** a*b -* **").prefixes())
        .containsExactly("'o''b\\\\|!(a):b':*", "'*a':*");
  }

  @Test
  void signsWithoutWordsAreNothing() {
    assertThat(SearchQuery.parse("- -- !-!-! \"\" -\"&\" ---tea -\"open end").words())
        .isEqualTo("-\"tea\" -\"open end\"");
  }
}
