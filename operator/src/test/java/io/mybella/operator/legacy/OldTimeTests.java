package io.mybella.operator.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OldTimeTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2024-03-01 08:09:10.123456        | 2024-03-01T08:09:10.123456Z
          2024-03-01 08:09:10               | 2024-03-01T08:09:10Z
          2024-03-01T08:09:10Z              | 2024-03-01T08:09:10Z
          2024-03-01T08:09:10.5+02:00       | 2024-03-01T06:09:10.5Z
          2024-03-01 08:09:10.123456789 UTC | 2024-03-01T08:09:10.123456Z
          2024-03-01 08:09                  | 2024-03-01T08:09:00Z
          2024-03-01                        | 2024-03-01T00:00:00Z
          2024/3/1 8:09:10                  | 2024-03-01T08:09:10Z
          1709280550                        | 2024-03-01T08:09:10Z
          1709280550.25                     | 2024-03-01T08:09:10.25Z
          1709280550123                     | 2024-03-01T08:09:10.123Z
          Fri, 01 Mar 2024 08:09:10 GMT     | 2024-03-01T08:09:10Z
          """)
  void readsWhatTheOldAppWrote(String text, Instant time) {
    assertThat(OldTime.read(text)).isEqualTo(time);
  }

  @Test
  void readsNumbersOfSecondsAndMilliseconds() {
    assertThat(OldTime.read(1709280550)).isEqualTo("2024-03-01T08:09:10Z");
    assertThat(OldTime.read(1709280550.25)).isEqualTo("2024-03-01T08:09:10.250Z");
    assertThat(OldTime.read(1709280550123L)).isEqualTo("2024-03-01T08:09:10.123Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "soon",
        "2024-02-30 10:00:00",
        "2024-13-01",
        "25:00",
        "0001-01-01 00:00:00",
        "7",
        "1969-12-31 23:59:59",
        "99999999999999999999",
        "2024-03-01 08:09:10 +99:00",
        "yesterday, at 5"
      })
  void tellsNoTimeWhereThereIsNone(String text) {
    assertThat(OldTime.read(text)).isNull();
  }

  @Test
  void hasNoTimeForNothing() {
    assertThat(OldTime.read(null)).isNull();
    assertThat(OldTime.read(0)).isNull();
    assertThat(OldTime.read(1e300)).isNull();
  }
}
