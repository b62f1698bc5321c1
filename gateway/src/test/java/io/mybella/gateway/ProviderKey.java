package io.mybella.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;

/** What providers of identities sign with. */
final class ProviderKey {

  /** That of all providers of this JVM: making one takes a second or two. */
  static final RSAKey KEY = make();

  private ProviderKey() {}

  /** Another one. */
  static RSAKey make() {
    try {
      return new RSAKeyGenerator(2048).keyID("theirs").generate();
    } catch (JOSEException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
