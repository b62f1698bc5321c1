package io.mybella.chassis.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownKeysTests {

  private static final long START = 1_000_000_000;
  private static final long PAUSE = UnknownKeys.PAUSE.toMillis();

  private final Gateway gateway = new Gateway();
  private final UnknownKeys keys =
      new UnknownKeys(
          new CachingJWKSetSource<>(gateway, Duration.ofHours(1).toMillis(), 1_000, null));

  @Test
  void aKeyThatIsKnownCausesNoQuestion() throws KeySourceException {
    gateway.publish("one");
    assertThat(find("one", START)).isTrue();
    assertThat(find("one", START + 10 * PAUSE)).isTrue();
    assertThat(gateway.asked).isEqualTo(1);
  }

  @Test
  void aNewKeyIsFoundAtOnce() throws KeySourceException {
    gateway.publish("one");
    assertThat(find("one", START)).isTrue();
    gateway.publish("one", "two");
    assertThat(find("two", START + 1)).isTrue();
    assertThat(gateway.asked).isEqualTo(2);
  }

  @Test
  void madeUpKeysAreAskedForOnceInAPauseAndANewOneIsFoundAfterIt() throws KeySourceException {
    gateway.publish("one");
    for (int i = 0; i < 100; i++) {
      assertThat(find("made up", START + i)).isFalse();
    }
    assertThat(gateway.asked).as("the first time, and once for all of them").isEqualTo(2);

    gateway.publish("one", "two");
    assertThat(find("two", START + PAUSE - 1)).isFalse();
    assertThat(find("one", START + PAUSE - 1)).isTrue();
    assertThat(find("two", START + PAUSE)).isTrue();
    assertThat(gateway.asked).isEqualTo(3);
  }

  @Test
  void whileTheGatewayIsAwayTheKnownKeysStayGood() throws KeySourceException {
    gateway.publish("one");
    assertThat(find("one", START)).isTrue();
    gateway.away = true;
    assertThatThrownBy(() -> find("two", START + 1)).isInstanceOf(JWKSetUnavailableException.class);
    assertThat(find("one", START + 2)).isTrue();
    assertThat(find("two", START + 3)).isFalse();
  }

  @Test
  void withoutAnyKeyEveryoneAsksUntilThereIsOne() throws KeySourceException {
    gateway.away = true;
    for (int i = 0; i < 3; i++) {
      long at = START + i;
      assertThatThrownBy(() -> find("one", at)).isInstanceOf(JWKSetUnavailableException.class);
    }
    gateway.away = false;
    gateway.publish("one");
    assertThat(find("one", START + 4)).isTrue();
  }

  /** As Nimbus looks for a key: among the known ones, and if it is not there, once more. */
  private boolean find(String kid, long now) throws KeySourceException {
    var selector = new JWKSelector(new JWKMatcher.Builder().keyID(kid).build());
    JWKSet known = keys.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, null);
    if (!selector.select(known).isEmpty()) {
      return true;
    }
    JWKSet anew = keys.getJWKSet(JWKSetCacheRefreshEvaluator.referenceComparison(known), now, null);
    return !selector.select(anew).isEmpty();
  }

  private static final class Gateway implements JWKSetSource<SecurityContext> {

    private final List<JWK> published = new ArrayList<>();
    private boolean away;
    private int asked;

    void publish(String... kids) {
      published.clear();
      for (String kid : kids) {
        published.add(new OctetSequenceKey.Builder(new byte[32]).keyID(kid).build());
      }
    }

    @Override
    public JWKSet getJWKSet(
        JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
        throws JWKSetUnavailableException {
      asked++;
      if (away) {
        throw new JWKSetUnavailableException("away");
      }
      return new JWKSet(List.copyOf(published));
    }

    @Override
    public void close() {}
  }
}
