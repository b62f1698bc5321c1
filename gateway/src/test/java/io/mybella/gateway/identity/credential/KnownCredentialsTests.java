package io.mybella.gateway.identity.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.security.Caller;
import io.mybella.gateway.identity.credential.CredentialRepository.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KnownCredentialsTests {

  private static final SecretHash ONE = new SecretHash(new byte[] {1, 1, 1, 1});
  private static final SecretHash OTHER = new SecretHash(new byte[] {2, 2, 2, 2});

  private final KnownCredentials known = new KnownCredentials();

  @BeforeEach
  void everythingIsHeard() {
    known.trustUntil(System.nanoTime() + Duration.ofHours(1).toNanos());
  }

  @Test
  void whatWasLearnedIsKnownUntilItsAccountChanges() {
    known.learn(ONE, () -> Optional.of(of(7)));
    known.learn(OTHER, () -> Optional.of(of(8)));

    known.forget(7);

    assertThat(known.get(ONE)).isEmpty();
    assertThat(known.get(OTHER)).contains(of(8));
  }

  @Test
  void whatChangesWhileItIsAskedForIsNotRemembered() {
    known.learn(
        ONE,
        () -> {
          known.forget(7);
          return Optional.of(of(7));
        });

    assertThat(known.get(ONE)).isEmpty();
  }

  @Test
  void whatWasLearnedWhileNothingWasHeardIsNotBelievedLater() {
    known.learn(
        ONE,
        () -> {
          known.forgetAll();
          return Optional.of(of(7));
        });
    everythingIsHeard();

    assertThat(known.get(ONE)).isEmpty();
  }

  @Test
  void withoutTrustNothingIsKnown() {
    known.learn(ONE, () -> Optional.of(of(7)));

    known.trustUntil(System.nanoTime());

    assertThat(known.get(ONE)).isEmpty();
  }

  @Test
  void aUseIsNotedOfWhatIsStillKnown() {
    Found before = of(7);
    known.learn(ONE, () -> Optional.of(before));
    known.forget(7);

    known.replace(ONE, before, before.used(Instant.EPOCH));

    assertThat(known.get(ONE)).isEmpty();
  }

  private static Found of(long account) {
    var caller = new Caller(account, Caller.Role.USER);
    var credential = new Credential(new UUID(0, account), Credential.Kind.KEY, caller);
    return new Found(credential, Instant.EPOCH, null);
  }
}
