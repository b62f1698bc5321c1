package io.mybella.fakeelevenlabs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of an answer: some that stand once, and some that are repeated. Ten minutes of a tone
 * are not kept in memory.
 *
 * @param head stands at the beginning
 * @param piece follows, and follows again
 * @param times how often
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Content(byte[] head, byte[] piece, int times) {

  static Content of(byte[] bytes) {
    return new Content(new byte[0], bytes, 1);
  }

  static Content of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  long length() {
    return head.length + (long) piece.length * times;
  }

  /** The byte at a position; positions beyond the end go on with the piece. */
  byte at(long position) {
    return position < head.length
        ? head[(int) position]
        : piece[(int) ((position - head.length) % piece.length)];
  }

  /** All of it. */
  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head);
    for (int i = 0; i < times; i++) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }
}
