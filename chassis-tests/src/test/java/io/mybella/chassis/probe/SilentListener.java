package io.mybella.chassis.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes each connection and never says a word. */
final class SilentListener implements AutoCloseable {

  private final ServerSocket server;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  SilentListener() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  int accepted() {
    return connections.size();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        connections.add(server.accept());
      }
    } catch (SocketException closed) {
      // The end.
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Ends the connections too, as the end of a process does. */
  void end() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  @Override
  public void close() throws IOException {
    end();
  }
}
