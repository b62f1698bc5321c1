package io.mybella.gateway.identity.token;

import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.crypto.encrypt.Encryptors;

/** Encrypts private keys for the database (AES-256-GCM), when there is a secret to do it with. */
final class KeyCipher {

  /** No secret itself; it only has to stay. */
  private static final String SALT = "8f1c2a5de0b94736";

  private final @Nullable BytesEncryptor encryptor;

  /** With an empty secret nothing is encrypted. */
  KeyCipher(String secret) {
    this.encryptor = secret.isEmpty() ? null : Encryptors.stronger(secret, SALT);
  }

  boolean encrypts() {
    return encryptor != null;
  }

  /** What to store for a private key. */
  byte[] encrypted(byte[] key) {
    return encryptor == null ? key : encryptor.encrypt(key);
  }

  /** The private key that was stored encrypted. */
  byte[] decrypted(String kid, byte[] stored) {
    if (encryptor == null) {
      throw new IllegalStateException(
          "Signing key %s is encrypted, and mybella.gateway.token.key-secret is not set"
              .formatted(kid));
    }
    try {
      return encryptor.decrypt(stored);
    } catch (IllegalStateException | IllegalArgumentException failed) {
      throw new IllegalStateException(
          "Signing key %s is encrypted with another mybella.gateway.token.key-secret"
              .formatted(kid),
          failed);
    }
  }
}
