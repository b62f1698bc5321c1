package io.mybella.gateway.door.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.chassis.security.Caller;
import io.mybella.gateway.identity.credential.Credential;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;

class RateLimitFilterTests {

  private static final RateLimitProperties LIMITS =
      new RateLimitProperties(3, 5, 2, Duration.ofMinutes(10), true);

  @AfterEach
  void signOut() {
    SecurityContextHolder.clearContext();
  }

  @Test
  void anAddressIsRefusedWhenItsQuotaIsUsedUp() {
    withProblems(
        problems -> {
          var filter = RateLimitFilter.perAddress(LIMITS, problems);
          for (int i = 4; i >= 0; i--) {
            var answer = ask(filter, "192.0.2.1");
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getHeader("RateLimit-Policy")).isEqualTo("\"address\";q=5;w=600");
            assertThat(answer.getHeader("RateLimit"))
                .startsWith("\"address\";r=%d;t=".formatted(i));
          }

          var refused = ask(filter, "192.0.2.1");

          assertThat(refused.getStatus()).isEqualTo(429);
          assertThat(refused.getContentType()).startsWith("application/problem+json");
          assertThat(Integer.parseInt(refused.getHeader("Retry-After"))).isPositive();
          assertThat(ask(filter, "192.0.2.2").getStatus()).isEqualTo(200);
        });
  }

  @Test
  void anIpv6NetworkIsOneAddress() {
    withProblems(
        problems -> {
          var filter = RateLimitFilter.perAddress(LIMITS, problems);
          for (int i = 0; i < 5; i++) {
            assertThat(ask(filter, "2001:db8::" + i).getStatus()).isEqualTo(200);
          }

          assertThat(ask(filter, "2001:db8::ffff").getStatus()).isEqualTo(429);
          assertThat(ask(filter, "2001:db8:0:1::1").getStatus()).isEqualTo(200);
        });
  }

  @Test
  void aCallerIsCountedWhereverTheRequestsComeFrom() {
    withProblems(
        problems -> {
          var filter = RateLimitFilter.perCaller(LIMITS, problems);
          signIn(1);
          for (int i = 0; i < 3; i++) {
            assertThat(ask(filter, "192.0.2." + i).getStatus()).isEqualTo(200);
          }

          assertThat(ask(filter, "192.0.2.9").getStatus()).isEqualTo(429);

          signIn(2);
          assertThat(ask(filter, "192.0.2.9").getStatus()).isEqualTo(200);
          SecurityContextHolder.clearContext();
          assertThat(ask(filter, "192.0.2.9").getHeader("RateLimit")).isNull();
        });
  }

  @Test
  void requestsFromThisMachineAreNotCounted() {
    withProblems(
        problems -> {
          var filter = RateLimitFilter.perAddress(LIMITS, problems);
          for (int i = 0; i < 20; i++) {
            assertThat(ask(filter, "127.0.0.1").getStatus()).isEqualTo(200);
            assertThat(ask(filter, "::1").getStatus()).isEqualTo(200);
          }
        });
  }

  @Test
  void zeroIsWithoutLimit() {
    withProblems(
        problems -> {
          var filter =
              RateLimitFilter.perAddress(
                  new RateLimitProperties(0, 0, 0, Duration.ofMinutes(1), false), problems);
          for (int i = 0; i < 20; i++) {
            assertThat(ask(filter, "192.0.2.1").getStatus()).isEqualTo(200);
          }
        });
  }

  private interface Check {
    void with(ProblemWriter problems) throws Exception;
  }

  private static void withProblems(Check check) {
    new WebApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(JacksonAutoConfiguration.class, problemAutoConfiguration()))
        .run(context -> check.with(context.getBean(ProblemWriter.class)));
  }

  /** Not public, as auto-configurations are not. */
  private static Class<?> problemAutoConfiguration() {
    try {
      return Class.forName("io.mybella.chassis.problem.ProblemAutoConfiguration");
    } catch (ClassNotFoundException moved) {
      throw new IllegalStateException(moved);
    }
  }

  private static void signIn(long id) {
    SecurityContextHolder.getContext()
        .setAuthentication(
            new CallerAuthentication(
                new Credential(
                    new UUID(0, id), Credential.Kind.SESSION, new Caller(id, Caller.Role.USER))));
  }

  private static MockHttpServletResponse ask(RateLimitFilter filter, String address)
      throws Exception {
    var request = new MockHttpServletRequest("GET", "/api/personas/available");
    request.setRemoteAddr(address);
    var response = new MockHttpServletResponse();
    filter.doFilter(request, response, new MockFilterChain());
    return response;
  }
}
