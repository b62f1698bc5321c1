package io.mybella.gateway.account;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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

  private static final int SCRYPT_LENGTH = 64;

  @Override
  public String encode(@Nullable CharSequence password) {
    throw new UnsupportedOperationException("Werkzeug hashes are only verified");
  }

  @Override
  public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
    if (password == null || encoded == null) {
      return false;
    }
    String[] parts = encoded.split("\\$", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      byte[] expected = HexFormat.of().parseHex(parts[2]);
      byte[] actual =
          derive(password.toString(), parts[0].split(":", -1), parts[1], expected.length);
      return actual.length > 0 && MessageDigest.isEqual(expected, actual);
    } catch (IllegalArgumentException | GeneralSecurityException malformed) {
      // An unreadable hash matches no password.
      return false;
    }
  }

  @Override
  public boolean upgradeEncoding(@Nullable String encoded) {
    return true;
  }

  private static byte[] derive(String password, String[] method, String salt, int length)
      throws GeneralSecurityException {
    byte[] salted = salt.getBytes(StandardCharsets.UTF_8);
    return switch (method[0]) {
      case "pbkdf2" -> pbkdf2(password, method, salted, length);
      case "scrypt" -> scrypt(password, method, salted);
      default -> new byte[0];
    };
  }

  private static byte[] pbkdf2(String password, String[] method, byte[] salt, int length)
      throws GeneralSecurityException {
    if (method.length != 3) {
      return new byte[0];
    }
    int iterations = bounded(method[2], MAX_ITERATIONS);
    String algorithm = "PBKDF2WithHmac" + method[1].toUpperCase(Locale.ROOT);
    var key = new PBEKeySpec(password.toCharArray(), salt, iterations, length * 8);
    try {
      return SecretKeyFactory.getInstance(algorithm).generateSecret(key).getEncoded();
    } finally {
      key.clearPassword();
    }
  }

  private static byte[] scrypt(String password, String[] method, byte[] salt) {
    if (method.length != 4) {
      return new byte[0];
    }
    int n = bounded(method[1], MAX_SCRYPT_BLOCKS);
    int r = bounded(method[2], MAX_SCRYPT_BLOCKS / n);
    int p = bounded(method[3], 16);
    return SCrypt.generate(password.getBytes(StandardCharsets.UTF_8), salt, n, r, p, SCRYPT_LENGTH);
  }

  private static int bounded(String number, int max) {
    int value = Integer.parseInt(number);
    if (value < 1 || value > max) {
      throw new IllegalArgumentException("Cost out of bounds");
    }
    return value;
  }
}
