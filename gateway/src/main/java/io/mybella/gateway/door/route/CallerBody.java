package io.mybella.gateway.door.route;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The body of a request on its way to a service. Tells when the caller has sent all of it, and
 * remembers when it was the caller who failed, so that this is not held against the service. Ends
 * when it exceeds the limit.
 */
final class CallerBody extends InputStream {

  /** Says that the caller sent more than a route takes. */
  static final class TooLargeException extends IOException {
    TooLargeException() {
      super("The body exceeds the limit of its route");
    }
  }

  private final InputStream body;
  private final long limit;
  private final long length;
  private final BreakerCall call;
  private long sent;
  private volatile boolean complete;
  private boolean failed;

  /** Since when the service has a piece to take, in nanoseconds; 0 while the caller has to send. */
  private volatile long offered;

  private volatile boolean leftLying;

  /**
   * @param limit bytes of the largest body
   * @param length bytes that the caller announced; negative when it did not
   * @param call begins when the body is complete
   */
  CallerBody(InputStream body, long limit, long length, BreakerCall call) {
    this.body = body;
    this.limit = limit;
    this.length = length;
    this.call = call;
  }

  /** Whether the caller has sent everything. */
  boolean isComplete() {
    return complete;
  }

  /** Whether reading from the caller failed or was stopped. */
  boolean failed() {
    return failed;
  }

  /** Whether the service has not asked for more for so long; once so, it stays so. */
  boolean isLeftLying(Duration longest) {
    long since = offered;
    if (since != 0 && System.nanoTime() - since > longest.toNanos()) {
      leftLying = true;
    }
    return leftLying;
  }

  /** Whether the body was given up because the service took no more of it. */
  boolean wasLeftLying() {
    return leftLying;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    offered = 0;
    try {
      int count = body.read(bytes, offset, length);
      sent += Math.max(0, count);
      if (sent > limit) {
        throw new TooLargeException();
      }
      if (!complete && (count < 0 || sent == this.length)) {
        call.begin();
        complete = true;
      }
      offered = System.nanoTime();
      return count;
    } catch (IOException broken) {
      failed = true;
      throw broken;
    }
  }
}
