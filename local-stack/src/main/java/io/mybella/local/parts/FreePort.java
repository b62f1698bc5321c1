package io.mybella.local.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds TCP ports of the loopback interface that nobody listens on. */
public final class FreePort {

  private FreePort() {}

  /**
   * A port that was free a moment ago.
   *
   * <p>Another process may take it before it is used; the operating system hands these numbers out
   * in turn, which makes that rare.
   *
   * @return the port number
   * @throws UncheckedIOException when no port can be had
   */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on 127.0.0.1", e);
    }
  }

  /** The wanted port, or a free one when the wanted one is 0. */
  static int orFree(int wanted) {
    return wanted == 0 ? find() : wanted;
  }
}
