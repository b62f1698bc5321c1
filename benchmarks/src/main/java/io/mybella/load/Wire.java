package io.mybella.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/**
 * One connection of HTTP/1.1 that stays open. It shares the processors with what is measured, and a
 * client of a library takes more of them than the service does: so it writes requests as they stand
 * and skips what is answered.
 */
public final class Wire implements Closeable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;
  private final byte[] line = new byte[8 << 10];

  public Wire(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
  }

  /**
   * Sends a request and takes the answer to its end.
   *
   * @return the status
   * @throws IOException when the connection ends or says what this does not understand
   */
  public int exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    String statusLine = line();
    int length = -1;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
    }
    int status = Integer.parseInt(statusLine.substring("HTTP/1.1 ".length(), 12));
    if (chunked) {
      for (int size = chunk(); size > 0; size = chunk()) {
        in.skipNBytes(size + 2);
      }
      line();
    } else if (length < 0 && status != 204 && status != 304) {
      throw new IOException("An answer without a length: " + statusLine);
    } else {
      in.skipNBytes(Math.max(length, 0));
    }
    return status;
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  /** Up to the end of the line, which is left out. */
  private String line() throws IOException {
    int length = 0;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The connection ended within an answer");
      }
      line[length++] = (byte) next;
    }
    return new String(line, 0, Math.max(0, length - 1), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
