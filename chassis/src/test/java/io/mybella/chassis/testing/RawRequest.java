package io.mybella.chassis.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request with a body as a hostile client may send it over a bare socket. */
public final class RawRequest {

  private static final int PATIENCE_MS = 30_000;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

  private final int port;
  private final String head;

  /**
   * A request to a service on this machine.
   *
   * @param request method and target, such as {@code POST /api/things}
   * @param contentType of the body
   */
  public RawRequest(int port, String request, String authorization, String contentType) {
    this.port = port;
    this.head =
        "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: %s\r\nContent-Type: %s\r\n"
            .formatted(request, authorization, contentType);
  }

  /**
   * Sends a body.
   *
   * @return the answer, head and body
   */
  public String send(byte[] body) {
    return exchange("Content-Length: " + body.length, body);
  }

  /**
   * Announces a body and sends nothing of it.
   *
   * @return the answer, head and body
   */
  public String announcing(long bytes) {
    return exchange("Content-Length: " + bytes, new byte[0]);
  }

  /**
   * Sends a body in chunks until the service wants no more of it.
   *
   * @param most after so many bytes the service has failed to stop it
   * @return how many bytes it took
   */
  public long endless(byte[] beginning, byte[] again, long most) {
    long sent = 0;
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(latin(head + "Transfer-Encoding: chunked\r\n\r\n"));
      byte[] chunk = beginning;
      while (sent < most) {
        out.write(latin(Integer.toHexString(chunk.length) + "\r\n"));
        out.write(chunk);
        out.write(latin("\r\n"));
        out.flush();
        sent += chunk.length;
        chunk = again;
      }
    } catch (IOException stopped) {
      // The service has answered and closed the line, which is what it should do.
    }
    return sent;
  }

  private String exchange(String length, byte[] body) {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(latin(head + length + "\r\n\r\n"));
      out.write(body);
      out.flush();
      return answer(socket.getInputStream());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Up to its end, not the connection's: the service may wait for the rest of the body. */
  private static String answer(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    String text = "";
    while (!isWhole(text)) {
      int next = in.read();
      if (next < 0) {
        return text;
      }
      bytes.write(next);
      text = bytes.toString(StandardCharsets.ISO_8859_1);
    }
    return text;
  }

  private static boolean isWhole(String answer) {
    int head = answer.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    Matcher length = LENGTH.matcher(answer);
    return length.find()
        ? answer.length() - head - 4 >= Integer.parseInt(length.group(1))
        : answer.endsWith("\r\n0\r\n\r\n");
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
