package io.mybella.gateway.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.gateway.HostileProvider;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class ProviderTests {

  private static final HostileProvider HOSTILE = new HostileProvider();
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
  private final InstantSource source = now::get;
  private final Clock clock = source.withZone(ZoneOffset.UTC);

  @AfterEach
  void answerHonestly() {
    HOSTILE.reset();
  }

  @AfterAll
  static void close() {
    HOSTILE.close();
  }

  static Stream<Arguments> misbehaviour() {
    return Stream.of(
        Arguments.of("says nothing", HOSTILE.silence()),
        Arguments.of("does not come to an end", HOSTILE.dawdling()),
        Arguments.of("says too much", HostileProvider.flood()),
        Arguments.of("hangs up", (HostileProvider.Answer) exchange -> exchange.close()),
        Arguments.of("fails", HostileProvider.text(500, "text/html", "<h1>Oops</h1>")),
        Arguments.of("is a web page", HostileProvider.text(200, "text/html", "<h1>Hello</h1>")),
        Arguments.of("is no JSON", HostileProvider.json("}{")),
        Arguments.of("is no object", HostileProvider.json("[1]")),
        Arguments.of("is nothing", HostileProvider.json("null")),
        Arguments.of("is empty", HostileProvider.json("{}")),
        Arguments.of("tells numbers", metadata("token_endpoint", 7)),
        Arguments.of("has no keys", metadata("jwks_uri", null)),
        Arguments.of("has no place for codes", metadata("token_endpoint", null)),
        Arguments.of("has no place for people", metadata("authorization_endpoint", null)),
        Arguments.of("is somebody else", metadata("issuer", "https://evil.example")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misbehaviour")
  void aProviderThatDoesNotTellItsAddressesIsAskedAgain(
      String kind, HostileProvider.Answer answer) {
    Provider provider = provider();
    HOSTILE.answer(HostileProvider.METADATA, answer);

    assertThatThrownBy(provider::registration)
        .as(kind)
        .isInstanceOfSatisfying(
            SignInRefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.PROVIDER));

    HOSTILE.reset();
    assertThat(provider.registration().getProviderDetails().getTokenUri())
        .isEqualTo(HOSTILE.issuer() + HostileProvider.TOKEN);
  }

  @Test
  void aSlowProviderDoesNotCollectEverybody() throws Exception {
    Provider provider = provider(Duration.ofSeconds(30));
    CountDownLatch waiting = new CountDownLatch(100);
    CompletableFuture<Void> released = new CompletableFuture<>();
    HOSTILE.answer(
        HostileProvider.METADATA,
        _ -> {
          waiting.countDown();
          released.join();
        });
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(people.submit(provider::registration));
      }
      assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();

      assertThatThrownBy(provider::registration).hasMessage(Reason.BUSY.code());

      HOSTILE.reset();
      released.complete(null);
      people.shutdown();
      assertThat(people.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      assertThat(all).allMatch(Future::isDone);
    }
    assertThat(provider.registration().getClientId()).isEqualTo(HostileProvider.CLIENT);
  }

  @Test
  void addressesAreKeptForAnHour() {
    Provider provider = provider();
    provider.registration();
    HOSTILE.answer(HostileProvider.METADATA, metadata("token_endpoint", "https://new.example/t"));

    now.updateAndGet(at -> at.plus(Duration.ofMinutes(59)));
    assertThat(provider.registration().getProviderDetails().getTokenUri())
        .isEqualTo(HOSTILE.issuer() + HostileProvider.TOKEN);
    now.updateAndGet(at -> at.plus(Duration.ofMinutes(2)));
    assertThat(provider.registration().getProviderDetails().getTokenUri())
        .isEqualTo("https://new.example/t");
  }

  @Test
  void anErrorCodeCannotForgeALineOfTheLog() {
    assertThat(Provider.printable("invalid_scope")).isEqualTo("invalid_scope");
    assertThat(Provider.printable("a\nWARN b")).isEqualTo("a?WARN?b");
    assertThat(Provider.printable("x".repeat(1000))).hasSize(60);
    assertThat(Provider.printable(null)).isEqualTo("null");
  }

  private Provider provider() {
    return provider(TIMEOUT);
  }

  private Provider provider(Duration timeout) {
    return new Provider(
        new OidcProperties(
            HOSTILE.issuer(),
            HostileProvider.CLIENT,
            HostileProvider.SECRET,
            "Hostile",
            "openid",
            "",
            "",
            "",
            timeout),
        clock);
  }

  private static HostileProvider.Answer metadata(String name, Object value) {
    Map<String, Object> metadata = HOSTILE.metadata();
    metadata.put(name, value);
    return HostileProvider.json(JsonMapper.shared().writeValueAsString(metadata));
  }
}
