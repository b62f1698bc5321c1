package io.mybella.local.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds TCP ports of the loopback interface that nobody listens on. Each is this process's until it
 * ends, so that another one cannot take it while what listens there is away for a while.
 */
public final class FreePort {

  /**
   * Below the numbers that operating systems give to outgoing connections (Linux from 32768, others
   * from 49152), so that none of those takes a port between its finding and its use.
   */
  private static final int FIRST = 20_000;

  private static final int END = 32_000;
  private static final int ATTEMPTS = 100;

  /**
   * Byte N of it is locked by whoever was given port N; the operating system ends the locks. It
   * lies where others do not write: in a folder for all, anybody could make it first.
   */
  private static final FileChannel claims = open();

  /** A lock that nobody refers to is forgotten. */
  private static final Queue<FileLock> claimed = new ConcurrentLinkedQueue<>();

  private FreePort() {}

  /**
   * A port that was free a moment ago, picked at random: others look for one at the same time.
   *
   * @return the port number, another one each time
   * @throws IllegalStateException when no port can be had
   * @throws UncheckedIOException when it cannot be claimed
   */
  public static int find() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      // In this order: looking whether it is free means to listen there for a moment.
      if (claim(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No free port on 127.0.0.1");
  }

  private static FileChannel open() {
    try {
      return FileChannel.open(
          PostgresBinaries.OperatingSystem.cacheFolder().resolve("ports"),
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("Ports cannot be claimed in the folder of caches", e);
    }
  }

  /** Whether the port is now this process's. */
  static boolean claim(int port) {
    try {
      FileLock lock = claims.tryLock(port, 1, false);
      return lock != null && claimed.add(lock);
    } catch (OverlappingFileLockException ours) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Port " + port + " cannot be claimed", e);
    }
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
