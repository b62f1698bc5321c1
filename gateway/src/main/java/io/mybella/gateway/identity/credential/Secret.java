package io.mybella.gateway.identity.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import org.springframework.security.crypto.keygen.Base64StringKeyGenerator;
import org.springframework.security.crypto.keygen.StringKeyGenerator;

/**
 * What somebody presents to be recognised: 256 random bits. Anything else of about that shape may
 * be asked for and is found nowhere.
 */
final class Secret {

  /** What keys begin with, so that people and secret scanners recognise them. */
  static final String KEY_PREFIX = "mb_";

  private static final int BYTES = 32;

  /** Of the sessions that began before secrets were these: a UUID in base64. */
  private static final int FORMER_SESSION_LENGTH = 48;

  private static final int LENGTH = 43;

  private static final StringKeyGenerator RANDOM =
      new Base64StringKeyGenerator(Base64.getUrlEncoder().withoutPadding(), BYTES);

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** A new one. */
  static Secret make(Credential.Kind kind) {
    String random = RANDOM.generateKey();
    return new Secret(kind == Credential.Kind.KEY ? KEY_PREFIX + random : random);
  }

  /** Reads what a request brings along; empty when it cannot be one, and need not be looked up. */
  static Optional<Secret> of(Credential.Kind kind, String text) {
    boolean possible =
        switch (kind) {
          case KEY ->
              text.length() == KEY_PREFIX.length() + LENGTH
                  && text.startsWith(KEY_PREFIX)
                  && isRandom(text);
          case SESSION ->
              (text.length() == LENGTH || text.length() == FORMER_SESSION_LENGTH) && isRandom(text);
        };
    return possible ? Optional.of(new Secret(text)) : Optional.empty();
  }

  private static boolean isRandom(String text) {
    return text.chars()
        .allMatch(
            c ->
                (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-');
  }

  /** For its owner alone. */
  String text() {
    return text;
  }

  SecretHash hash() {
    try {
      return new SecretHash(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Stays out of logs. */
  @Override
  public String toString() {
    return "Secret[…]";
  }
}
