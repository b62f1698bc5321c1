package io.mybella.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedTimeTests {

  private final Language english = language("english");
  private final Language german = language("german");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "What happened in May 2023?             | 5  | -  | 2023",
        "Where was I on 3 March?                | 3  | 3  | -",
        "Where was I on March 3rd, 2024?        | 3  | 3  | 2024",
        "What did I say on 2024-02-29?          | 2  | 29 | 2024",
        "What did I say in 2024-02?             | 2  | -  | 2024",
        "What did I plan for December?          | 12 | -  | -",
      })
  void daysAndMonthsAreRecognised(String text, int month, Integer day, Integer year) {
    assertThat(NamedTime.in(text, Words.plain(text), english))
        .contains(new NamedTime(month, day, year));
  }

  @ParameterizedTest
  @CsvSource({
    "May I ask what you did?",
    "Did they march through the city?",
    "What happened in 2023?",
    "I said 2024-13-01",
    "42"
  })
  void whatIsNoTimeIsNone(String text) {
    assertThat(NamedTime.in(text, Words.plain(text), english)).isEmpty();
  }

  @Test
  void monthsAreThoseOfTheLanguage() {
    String text = "Was war am 3. Oktober?";
    assertThat(NamedTime.in(text, Words.plain(text), german)).contains(new NamedTime(10, 3, null));
    assertThat(NamedTime.in(text, Words.plain(text), Language.UNKNOWN)).isEmpty();
  }

  @Test
  void aDayIsCloseForTwoWeeks() {
    var day = new NamedTime(3, 1, 2024);
    assertThat(day.closeness(epochDay("2024-02-29"))).isEqualTo(1);
    assertThat(day.closeness(epochDay("2024-03-08"))).isCloseTo(0.37f, within(0.01f));
    assertThat(day.closeness(epochDay("2024-03-16"))).isZero();
    assertThat(day.closeness(epochDay("2023-03-01"))).isZero();
    assertThat(new NamedTime(2, 31, 2023).closeness(epochDay("2023-02-28"))).isEqualTo(1);
  }

  @Test
  void aMonthIsSpokenOfForTenDaysMore() {
    var month = new NamedTime(12, null, 2023);
    assertThat(month.closeness(epochDay("2023-12-31"))).isEqualTo(1);
    assertThat(month.closeness(epochDay("2024-01-10"))).isEqualTo(0.5f);
    assertThat(month.closeness(epochDay("2024-01-11"))).isZero();
    assertThat(month.closeness(epochDay("2023-11-30"))).isZero();
  }

  @Test
  void withoutAYearItIsThatOfAnyYear() {
    assertThat(new NamedTime(1, 1, null).closeness(epochDay("2023-12-31"))).isEqualTo(1);
    assertThat(new NamedTime(6, null, null).closeness(epochDay("2019-06-15"))).isEqualTo(1);
  }

  private static int epochDay(String day) {
    return (int) LocalDate.parse(day).toEpochDay();
  }

  private static Language language(String name) {
    try {
      return new Languages(name).usual();
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }
}
