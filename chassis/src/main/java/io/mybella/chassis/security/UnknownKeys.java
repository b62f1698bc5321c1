package io.mybella.chassis.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has the gateway asked for its keys again when a token names one that is not known: a key may be
 * new. That is done once in a while only, because anybody can make up names of keys; in between the
 * known keys are all there are, and the token is refused.
 *
 * <p>Nimbus can limit this itself, but answers everybody with an error while the limit is reached,
 * also before any key is known.
 */
final class UnknownKeys extends JWKSetSourceWrapper<SecurityContext> {

  /** As long as a new key that signs at once may be refused after somebody made up another. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final ReentrantLock asking = new ReentrantLock();
  private long asked;

  /**
   * Around a source that remembers.
   *
   * @param remembered asks the gateway only for what it has not, or when told to
   */
  UnknownKeys(JWKSetSource<SecurityContext> remembered) {
    super(remembered);
  }

  @Override
  public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
      throws KeySourceException {
    JWKSet known = known(now, context);
    if (!evaluator.requiresRefresh(known)) {
      return known;
    }
    // Whoever comes while another one asks waits for that answer.
    asking.lock();
    try {
      if (now - asked < PAUSE.toMillis()) {
        return known(now, context);
      }
      asked = now;
      return getSource().getJWKSet(evaluator, now, context);
    } finally {
      asking.unlock();
    }
  }

  private JWKSet known(long now, SecurityContext context) throws KeySourceException {
    return getSource().getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, context);
  }
}
