package io.mybella.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a response body while it arrives. The timeout of an {@link
 * java.net.http.HttpRequest} ends with the headers; here every wait has a deadline, a line and the
 * whole are bounded, and closing ends the transfer.
 */
final class BodyLines implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

  /** Longest line; a streamed token takes a few hundred bytes, an unstreamed reply some 10 KB. */
  private static final int MAX_LINE = 256 * 1024;

  private static final int MAX_BODY = 4 * 1024 * 1024;

  private sealed interface Signal {
    record Bytes(ByteBuffer value) implements Signal {}

    record End() implements Signal {}

    record Lost(Throwable cause) implements Signal {}
  }

  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final Object lock = new Object();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  private ByteBuffer chunk = ByteBuffer.allocate(0);
  private int total;
  private boolean ended;

  @Override
  public void onSubscribe(Flow.Subscription incoming) {
    synchronized (lock) {
      if (closed) {
        incoming.cancel();
        return;
      }
      subscription = incoming;
    }
    incoming.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    var bytes = new ByteArrayOutputStream();
    for (ByteBuffer buffer : buffers) {
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    signals.add(new Signal.Bytes(ByteBuffer.wrap(bytes.toByteArray())));
  }

  @Override
  public void onError(Throwable cause) {
    signals.add(new Signal.Lost(cause));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal.End());
  }

  /**
   * The next line without its end.
   *
   * @param deadline in the time of {@link System#nanoTime()}
   * @return {@code null} at the end of the body
   * @throws HttpTimeoutException when the deadline passes
   * @throws IOException when the body breaks off or exceeds a bound
   */
  @Nullable String next(long deadline) throws IOException, InterruptedException {
    var line = new ByteArrayOutputStream();
    while (true) {
      while (chunk.hasRemaining()) {
        byte next = chunk.get();
        if (next == '\n') {
          return text(line);
        }
        line.write(next);
      }
      if (line.size() > MAX_LINE) {
        throw new IOException("A line is longer than " + MAX_LINE + " bytes");
      }
      if (ended || !readChunk(deadline)) {
        ended = true;
        return line.size() == 0 ? null : text(line);
      }
    }
  }

  private boolean readChunk(long deadline) throws IOException, InterruptedException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      // Also when there is more already: whoever reads slowly gets no more time by that.
      throw new HttpTimeoutException("The body takes too long");
    }
    return switch (signals.poll(left, TimeUnit.NANOSECONDS)) {
      case Signal.Bytes bytes -> {
        chunk = bytes.value();
        total += chunk.remaining();
        if (total > MAX_BODY) {
          throw new IOException("The body is longer than " + MAX_BODY + " bytes");
        }
        requestMore();
        yield true;
      }
      case Signal.End _ -> false;
      case Signal.Lost lost -> throw new IOException("The body broke off", lost.cause());
      case null -> throw new HttpTimeoutException("The body takes too long");
    };
  }

  private void requestMore() {
    synchronized (lock) {
      if (subscription != null && !closed) {
        subscription.request(1);
      }
    }
  }

  private static String text(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }
}
