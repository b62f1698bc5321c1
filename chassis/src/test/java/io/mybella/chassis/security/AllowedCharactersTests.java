package io.mybella.chassis.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.web.firewall.StrictHttpFirewall.ALLOWED_HEADER_NAMES;
import static org.springframework.security.web.firewall.StrictHttpFirewall.ALLOWED_HEADER_VALUES;
import static org.springframework.security.web.firewall.StrictHttpFirewall.ALLOWED_PARAMETER_NAMES;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The patterns of Spring Security's own firewall say what is right. */
class AllowedCharactersTests {

  @Test
  void allCharactersAreJudgedAsByTheDefault() {
    assertThat(texts())
        .allSatisfy(
            text -> {
              assertThat(AllowedCharacters.inName(text)).isEqualTo(ALLOWED_HEADER_NAMES.test(text));
              assertThat(AllowedCharacters.inName(text))
                  .isEqualTo(ALLOWED_PARAMETER_NAMES.test(text));
              assertThat(AllowedCharacters.inValue(text))
                  .isEqualTo(ALLOWED_HEADER_VALUES.test(text));
            });
  }

  /** Every character of the scripts that are most in use, and every 61st of the others. */
  private static List<String> texts() {
    return Stream.concat(
            Stream.of("", "Bearer a.b-c_d", "\ud800", "x\udc00y", "🎈\n", "a\tb"),
            IntStream.concat(
                    IntStream.range(0, 0x2000),
                    IntStream.iterate(0x2000, c -> c <= Character.MAX_CODE_POINT, c -> c + 61))
                .mapToObj(c -> "a" + Character.toString(c) + "z"))
        .toList();
  }
}
