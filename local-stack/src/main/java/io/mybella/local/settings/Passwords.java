package io.mybella.local.settings;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords that the stack makes up. */
public final class Passwords {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  /** A password that nobody can guess: 128 random bits in hexadecimal. */
  public static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
