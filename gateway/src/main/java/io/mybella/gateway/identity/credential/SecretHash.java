package io.mybella.gateway.identity.credential;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** SHA-256 of a {@link Secret}: what the database keeps of it, and what it is remembered by. */
final class SecretHash {

  private final byte[] bytes;

  SecretHash(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** 32 bytes. */
  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretHash hash && Arrays.equals(bytes, hash.bytes);
  }

  /** Any four bytes of a hash are one. */
  @Override
  public int hashCode() {
    return ByteBuffer.wrap(bytes).getInt();
  }
}
