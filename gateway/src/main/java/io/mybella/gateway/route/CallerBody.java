package io.mybella.gateway.route;

import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a request on its way to a service. Remembers when it was the caller who failed, so
 * that this is not held against the service, and ends when it exceeds the limit.
 */
final class CallerBody extends InputStream {

  /** Says that the caller sent more than a route takes. */
  static final class TooLargeException extends IOException {
    TooLargeException() {
      super("The body exceeds the limit of its route");
    }
  }

  private final InputStream body;
  private long left;
  private boolean failed;

  CallerBody(InputStream body, long limit) {
    this.body = body;
    this.left = limit;
  }

  /** Whether reading from the caller failed or was stopped. */
  boolean failed() {
    return failed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = body.read(bytes, offset, length);
      left -= Math.max(0, count);
      if (left < 0) {
        throw new TooLargeException();
      }
      return count;
    } catch (IOException broken) {
      failed = true;
      throw broken;
    }
  }
}
