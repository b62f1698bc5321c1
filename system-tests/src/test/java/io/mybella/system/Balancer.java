package io.mybella.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections in turn to the instances of a service that accept them, as the address of a
 * service in a cluster does. Knows nothing of what is said on them.
 */
final class Balancer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Balancer.class);

  private final ServerSocket door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final List<Integer> instances = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  Balancer() throws IOException {
    Thread.startVirtualThread(this::accept);
  }

  /** What clients are told. */
  URI url() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  /** One more instance to choose from. */
  void add(int port) {
    instances.add(port);
  }

  /** Connections that are open end with their client or their instance. */
  @Override
  public void close() throws IOException {
    door.close();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException closed) {
        LOG.debug("No more connections", closed);
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Socket instance = connect();
      if (instance != null) {
        try (instance) {
          Thread there = Thread.startVirtualThread(() -> pass(client, instance));
          pass(instance, client);
          there.join();
        }
      }
    } catch (IOException ended) {
      LOG.debug("A connection ended", ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next instance that accepts a connection; null when none does. */
  private Socket connect() {
    int first = turn.getAndIncrement();
    for (int i = 0; i < instances.size(); i++) {
      int port = instances.get(Math.floorMod(first + i, instances.size()));
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException refused) {
        LOG.debug("{} does not listen", port, refused);
      }
    }
    return null;
  }

  /** Passes on what one end says, and that it has said all; a broken end breaks the other one. */
  private static void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException broken) {
      LOG.debug("A connection broke", broken);
      closeBoth(from, to);
    }
  }

  private static void closeBoth(Socket one, Socket other) {
    try (one;
        other) {
      LOG.debug("Both ends are closed");
    } catch (IOException closed) {
      LOG.debug("One end was closed", closed);
    }
  }
}
