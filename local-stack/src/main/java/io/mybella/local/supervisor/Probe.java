package io.mybella.local.supervisor;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** How a program on 127.0.0.1 is asked how it is. */
public sealed interface Probe {

  /** How long {@link #isHealthy} waits for an answer. */
  Duration PATIENCE = Duration.ofSeconds(2);

  /** Whether it does its work now. */
  boolean isHealthy();

  /**
   * Whether it gives an answer at all. A service whose database is away is not healthy, but a new
   * start would not help it; one that does not answer is beyond help.
   *
   * @param limit how long to wait for the answer
   */
  boolean answers(Duration limit);

  /** The address that answers 200 when it is healthy; empty for one that does not speak HTTP. */
  String address();

  /**
   * A service with Spring Boot's health groups.
   *
   * @param port the TCP port of its health
   */
  record Service(int port) implements Probe {

    private static final String HEALTH = "/actuator/health/";

    @Override
    public boolean isHealthy() {
      return says200(address(), PATIENCE);
    }

    @Override
    public boolean answers(Duration limit) {
      return says200(url("liveness"), limit);
    }

    @Override
    public String address() {
      return url("readiness");
    }

    private String url(String group) {
      return "http://127.0.0.1:" + port + HEALTH + group;
    }
  }

  /**
   * A program that is healthy when a page of it can be had.
   *
   * @param port the TCP port of its HTTP
   * @param path of the page
   */
  record Page(int port, String path) implements Probe {

    @Override
    public boolean isHealthy() {
      return answers(PATIENCE);
    }

    @Override
    public boolean answers(Duration limit) {
      return says200(address(), limit);
    }

    @Override
    public String address() {
      return "http://127.0.0.1:" + port + path;
    }
  }

  /**
   * A Kafka broker. That its port accepts connections says little: the operating system does that
   * also for a process that hangs.
   *
   * @param port the TCP port for clients
   */
  record Broker(int port) implements Probe {

    /** {@code ApiVersions}, the request that every client begins with, in its first version. */
    private static final int API_VERSIONS = 18;

    private static final int ANY_NUMBER = 0x4d79_4265;
    private static final int REQUEST_BYTES = 10;

    @Override
    public boolean isHealthy() {
      return answers(PATIENCE);
    }

    @Override
    public boolean answers(Duration limit) {
      try (Socket socket = connect(port, limit)) {
        // Size, then header version 1: key and version of the request, a number, no client's name.
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] request =
            java.nio.ByteBuffer.allocate(Integer.BYTES + REQUEST_BYTES)
                .putInt(REQUEST_BYTES)
                .putShort((short) API_VERSIONS)
                .putShort((short) 0)
                .putInt(ANY_NUMBER)
                .putShort((short) -1)
                .array();
        out.write(request);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int bytes = in.readInt();
        return bytes > 0 && in.readInt() == ANY_NUMBER;
      } catch (IOException notYet) {
        return false;
      }
    }

    @Override
    public String address() {
      return "";
    }
  }

  /** Whether an address answers with 200 in time. */
  static boolean says200(String address, Duration limit) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(address).toURL().openConnection();
      connection.setConnectTimeout((int) limit.toMillis());
      connection.setReadTimeout((int) limit.toMillis());
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Whether a port of 127.0.0.1 accepts connections. */
  static boolean accepts(int port) {
    try (Socket socket = connect(port, PATIENCE)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Socket connect(int port, Duration limit) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout((int) limit.toMillis());
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), (int) limit.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
