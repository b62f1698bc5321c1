package io.mybella.chassis.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;

/** Spring Security's own way says what is right. */
class BearerTokensTests {

  private final AuthenticationConverter expected = new BearerTokenAuthenticationConverter();
  private final AuthenticationConverter tokens = new BearerTokens();

  @Test
  void tokensAreFoundAndRefusedAsByTheDefault() {
    assertThat(headers().toList())
        .allSatisfy(
            header -> assertThat(outcome(tokens, header)).isEqualTo(outcome(expected, header)));
    assertThat(outcome(tokens, null)).isEqualTo(outcome(expected, null)).isEqualTo("none");
  }

  private static Stream<String> headers() {
    Stream<String> written =
        Stream.of(
            "",
            "Basic YTpi",
            "bearer",
            "Bearer",
            "Bearer ",
            "Bearer =",
            "Bearer  a",
            "Bearer a ",
            "Bearera",
            "BearerToken",
            " Bearer a",
            "Bearer\ta",
            "bEaReR a.b.c",
            "Bearer AZaz09-._~+/==",
            "Bearer a=b",
            "Bearer a==",
            "Bearer a, Bearer b");
    return Stream.concat(
        written, IntStream.range(0, 0x200).mapToObj(c -> "Bearer a" + (char) c + "z"));
  }

  private static String outcome(AuthenticationConverter converter, @Nullable String header) {
    var request = new MockHttpServletRequest();
    if (header != null) {
      request.addHeader("Authorization", header);
    }
    // Nobody looks for a token here.
    request.setParameter("access_token", "x");
    try {
      Authentication found = converter.convert(request);
      return found == null ? "none" : ((BearerTokenAuthenticationToken) found).getToken();
    } catch (OAuth2AuthenticationException refused) {
      return "refused: " + Objects.toString(refused.getError());
    }
  }
}
