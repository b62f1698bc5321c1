package io.mybella.gateway.identity.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;
import org.springframework.security.crypto.password.AbstractValidatingPasswordEncoder;

/**
 * Verifies the hashes that Python's Werkzeug writes, {@code method$salt$hex}, where the method is
 * {@code pbkdf2:sha256:iterations} or {@code scrypt:n:r:p}
 * (werkzeug.security.generate_password_hash). Imported accounts have such hashes until their owner
 * signs in once. New hashes are never of this kind.
 */
final class WerkzeugPasswordEncoder extends AbstractValidatingPasswordEncoder {

  /** Ten times what Werkzeug 3 uses: a hash that asks for more is not one of an import. */
  private static final int MAX_ITERATIONS = 10_000_000;

  /** Memory of scrypt is 128 * n * r bytes; this bounds it to 128 MiB. */
  private static final int MAX_SCRYPT_BLOCKS = 1 << 20;

  private static final int MAX_SCRYPT_LANES = 16;

  private static final int SCRYPT_LENGTH = 64;

  /** Bytes of the longest hash that Werkzeug makes, twice. */
  private static final int LONGEST = 128;

  @Override
  protected String encodeNonNullPassword(String password) {
    throw new UnsupportedOperationException("Werkzeug hashes are only verified");
  }

  @Override
  protected boolean matchesNonNull(String password, String encoded) {
    try {
      return read(encoded).isOf(password);
    } catch (IllegalArgumentException | GeneralSecurityException malformed) {
      // An unreadable hash matches no password.
      return false;
    }
  }

  @Override
  protected boolean upgradeEncodingNonNull(String encoded) {
    return true;
  }

  /** Whether this can tell which password a hash is of, at a cost within bounds. */
  static boolean canVerify(String encoded) {
    try {
      read(encoded);
      return true;
    } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
      return false;
    }
  }

  /** A hash that was read: tells its password from others. */
  private interface Hash {
    boolean isOf(String password) throws GeneralSecurityException;
  }

  /** How a hash of so many bytes is made of a password. */
  private interface Method {
    byte[] derive(String password, byte[] salt, int length) throws GeneralSecurityException;
  }

  /**
   * Reads a hash.
   *
   * @throws IllegalArgumentException when it is none
   * @throws NoSuchAlgorithmException when it is of an unknown kind
   */
  private static Hash read(String encoded) throws NoSuchAlgorithmException {
    String[] parts = encoded.split("\\$", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("A hash has three parts");
    }
    byte[] salt = parts[1].getBytes(UTF_8);
    byte[] right = HexFormat.of().parseHex(parts[2]);
    if (right.length == 0 || right.length > LONGEST) {
      throw new IllegalArgumentException("A hash is neither empty nor long");
    }
    Method method = method(parts[0].split(":", -1));
    return password -> MessageDigest.isEqual(right, method.derive(password, salt, right.length));
  }

  private static Method method(String[] words) throws NoSuchAlgorithmException {
    if (words[0].equals("pbkdf2") && words.length == 3) {
      String algorithm = "PBKDF2WithHmac" + words[1].toUpperCase(Locale.ROOT);
      return pbkdf2(SecretKeyFactory.getInstance(algorithm), bounded(words[2], 1, MAX_ITERATIONS));
    }
    if (words[0].equals("scrypt") && words.length == 4) {
      return scrypt(words);
    }
    throw new NoSuchAlgorithmException("Neither pbkdf2 nor scrypt");
  }

  private static Method pbkdf2(SecretKeyFactory factory, int iterations) {
    return (password, salt, length) -> {
      var key = new PBEKeySpec(password.toCharArray(), salt, iterations, length * Byte.SIZE);
      try {
        return factory.generateSecret(key).getEncoded();
      } finally {
        key.clearPassword();
      }
    };
  }

  private static Method scrypt(String[] words) {
    int n = bounded(words[1], 2, MAX_SCRYPT_BLOCKS);
    int r = bounded(words[2], 1, MAX_SCRYPT_BLOCKS / n);
    int p = bounded(words[3], 1, MAX_SCRYPT_LANES);
    if (Integer.bitCount(n) != 1) {
      throw new IllegalArgumentException("The first cost of scrypt is a power of two");
    }
    return (password, salt, _) ->
        SCrypt.generate(password.getBytes(UTF_8), salt, n, r, p, SCRYPT_LENGTH);
  }

  private static int bounded(String number, int min, int max) {
    int value = Integer.parseInt(number);
    if (value < min || value > max) {
      throw new IllegalArgumentException("Cost out of bounds");
    }
    return value;
  }
}
