package io.mybella.gateway.identity.account;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Verifies the hashes that Python's Werkzeug writes, {@code method$salt$hex}, where the method is
 * {@code pbkdf2:sha256:iterations} or {@code scrypt:n:r:p}
 * (werkzeug.security.generate_password_hash). Imported accounts have such hashes until their owner
 * signs in once. New hashes are never of this kind.
 */
final class WerkzeugPasswordEncoder implements PasswordEncoder {

  /** Ten times what Werkzeug 3 uses: a hash that asks for more is not one of an import. */
  private static final int MAX_ITERATIONS = 10_000_000;

  /** Memory of scrypt is 128 * n * r bytes; this bounds it to 128 MiB. */
  private static final int MAX_SCRYPT_BLOCKS = 1 << 20;

  private static final int MAX_SCRYPT_LANES = 16;

  private static final int SCRYPT_LENGTH = 64;

  /** Bytes of the longest hash that Werkzeug makes, twice. */
  private static final int LONGEST = 128;

  @Override
  public String encode(@Nullable CharSequence password) {
    throw new UnsupportedOperationException("Werkzeug hashes are only verified");
  }

  @Override
  public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
    if (password == null || encoded == null) {
      return false;
    }
    try {
      return Hash.of(encoded).isOf(password.toString());
    } catch (IllegalArgumentException | GeneralSecurityException malformed) {
      // An unreadable hash matches no password.
      return false;
    }
  }

  @Override
  public boolean upgradeEncoding(@Nullable String encoded) {
    return true;
  }

  /** Whether this can tell which password a hash is of, at a cost within bounds. */
  static boolean canVerify(String encoded) {
    try {
      Hash.of(encoded);
      return true;
    } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
      return false;
    }
  }

  /**
   * A hash in its parts.
   *
   * @param expected what the password comes to, in hexadecimal digits
   */
  private record Hash(Method method, String salt, String expected) {

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException when it is none
     * @throws NoSuchAlgorithmException when it is of an unknown kind
     */
    static Hash of(String encoded) throws NoSuchAlgorithmException {
      String[] parts = encoded.split("\\$", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("A hash has three parts");
      }
      int length = HexFormat.of().parseHex(parts[2]).length;
      if (length == 0 || length > LONGEST) {
        throw new IllegalArgumentException("A hash is neither empty nor long");
      }
      return new Hash(Method.of(parts[0].split(":", -1)), parts[1], parts[2]);
    }

    boolean isOf(String password) throws GeneralSecurityException {
      byte[] right = HexFormat.of().parseHex(expected);
      byte[] actual = method.derive(password, salt.getBytes(StandardCharsets.UTF_8), right.length);
      return MessageDigest.isEqual(right, actual);
    }
  }

  /** How a hash is made of a password. */
  private sealed interface Method {

    static Method of(String[] words) throws NoSuchAlgorithmException {
      if (words[0].equals("pbkdf2") && words.length == 3) {
        String algorithm = "PBKDF2WithHmac" + words[1].toUpperCase(Locale.ROOT);
        return new Pbkdf2(
            SecretKeyFactory.getInstance(algorithm), bounded(words[2], 1, MAX_ITERATIONS));
      }
      if (words[0].equals("scrypt") && words.length == 4) {
        return scrypt(words);
      }
      throw new NoSuchAlgorithmException("Neither pbkdf2 nor scrypt");
    }

    private static Scrypt scrypt(String[] words) {
      int n = bounded(words[1], 2, MAX_SCRYPT_BLOCKS);
      if (Integer.bitCount(n) != 1) {
        throw new IllegalArgumentException("The first cost of scrypt is a power of two");
      }
      return new Scrypt(
          n, bounded(words[2], 1, MAX_SCRYPT_BLOCKS / n), bounded(words[3], 1, MAX_SCRYPT_LANES));
    }

    byte[] derive(String password, byte[] salt, int length) throws GeneralSecurityException;
  }

  private record Pbkdf2(SecretKeyFactory factory, int iterations) implements Method {

    @Override
    public byte[] derive(String password, byte[] salt, int length) throws GeneralSecurityException {
      var key = new PBEKeySpec(password.toCharArray(), salt, iterations, length * 8);
      try {
        return factory.generateSecret(key).getEncoded();
      } finally {
        key.clearPassword();
      }
    }
  }

  private record Scrypt(int n, int r, int p) implements Method {

    @Override
    public byte[] derive(String password, byte[] salt, int length) {
      return SCrypt.generate(
          password.getBytes(StandardCharsets.UTF_8), salt, n, r, p, SCRYPT_LENGTH);
    }
  }

  private static int bounded(String number, int min, int max) {
    int value = Integer.parseInt(number);
    if (value < min || value > max) {
      throw new IllegalArgumentException("Cost out of bounds");
    }
    return value;
  }
}
