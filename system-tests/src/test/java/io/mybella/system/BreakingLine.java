package io.mybella.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line between a browser and a server that breaks where a test says. */
final class BreakingLine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BreakingLine.class);
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

  private final URI server;
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private volatile String end = "";
  private volatile CountDownLatch silence = new CountDownLatch(0);

  BreakingLine(URI server) throws IOException {
    this.server = server;
    Thread.startVirtualThread(() -> untilItCloses(this::accept));
  }

  /** What the browser has to ask instead of the server. */
  String address() {
    return "http://%s:%d".formatted(server.getHost(), door.getLocalPort());
  }

  /** From now on an answer ends, and its connection with it, before these words of it. */
  void breakAt(String words) {
    end = words;
  }

  /**
   * As {@link #breakAt}, but before that nothing more comes until {@link #breakNow}: a browser
   * forgets what it got just before a break, and has not shown, yet.
   */
  void fallSilentAt(String words) {
    silence = new CountDownLatch(1);
    breakAt(words);
  }

  void breakNow() {
    silence.countDown();
  }

  void mend() {
    end = "";
  }

  /** Connections that are open end with their page or their server. */
  @Override
  public void close() throws IOException {
    door.close();
  }

  private void accept() throws IOException {
    while (true) {
      Socket browser = door.accept();
      Thread.startVirtualThread(() -> untilItCloses(() -> connect(browser)));
    }
  }

  private void connect(Socket browser) throws IOException {
    try (browser;
        Socket platform = new Socket(server.getHost(), server.getPort())) {
      Thread.startVirtualThread(
          () ->
              untilItCloses(() -> browser.getInputStream().transferTo(platform.getOutputStream())));
      pass(platform.getInputStream(), browser.getOutputStream());
    }
  }

  private void pass(InputStream answer, OutputStream browser) throws IOException {
    byte[] piece = new byte[16 * 1024];
    for (int count = answer.read(piece); count >= 0; count = answer.read(piece)) {
      String words = new String(piece, 0, count, ISO_8859_1);
      String last = end;
      int stop = last.isEmpty() ? -1 : words.indexOf(last);
      browser.write(piece, 0, stop < 0 ? count : stop);
      if (stop >= 0) {
        awaitBreak();
        return;
      }
    }
  }

  private void awaitBreak() {
    try {
      silence.await(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** That a socket was closed at either end is how each of these ends. */
  private static void untilItCloses(Work work) {
    try {
      work.run();
    } catch (IOException closed) {
      LOG.debug("A connection ended", closed);
    }
  }

  private interface Work {
    void run() throws IOException;
  }
}
