package io.mybella.local.parts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds TCP ports of the loopback interface that nobody listens on. */
public final class FreePort {

  /**
   * Below the numbers that operating systems give to outgoing connections (Linux from 32768, others
   * from 49152), so that none of those takes a port between its finding and its use.
   */
  private static final int FIRST = 20_000;

  private static final int END = 32_000;
  private static final int ATTEMPTS = 100;

  private FreePort() {}

  /**
   * A port that was free a moment ago, picked at random: others look for one at the same time.
   *
   * @return the port number
   * @throws IllegalStateException when no port can be had
   */
  public static int find() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No free port on 127.0.0.1");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** The wanted port, or a free one when the wanted one is 0. */
  static int orFree(int wanted) {
    return wanted == 0 ? find() : wanted;
  }
}
