package io.mybella.chassis.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An upload of a form as a hostile client may send it: over a bare socket, with whatever name the
 * file is given, without an end, or without the rest.
 */
public final class RawUpload {

  private static final String BOUNDARY = "frontier";
  private static final int PATIENCE_MS = 60_000;

  private final int port;
  private final String head;
  private final ByteArrayOutputStream form = new ByteArrayOutputStream();

  /**
   * An upload to a service on this machine.
   *
   * @param request method and path, such as {@code POST /api/things}
   */
  public RawUpload(int port, String request, String authorization) {
    this.port = port;
    this.head =
        "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: %s\r\n"
                .formatted(request, authorization)
            + "Content-Type: multipart/form-data; boundary="
            + BOUNDARY
            + "\r\n";
  }

  /** Adds a field. */
  public RawUpload field(String name, String value) {
    text(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
            .formatted(BOUNDARY, name, value));
    return this;
  }

  /** Adds a file whose name is sent just as it is. */
  public RawUpload file(String name, String fileName, byte[] content) {
    openFile(name, fileName);
    form.writeBytes(content);
    text("\r\n");
    return this;
  }

  /**
   * Sends the form.
   *
   * @return the status of the answer
   */
  public int send() {
    text("--" + BOUNDARY + "--\r\n");
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (head + "Content-Length: " + form.size() + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(form.toByteArray());
      out.flush();
      return status(socket.getInputStream());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Announces a file of a length, sends half of it and hangs up. */
  public void cutOff(String name, byte[] content) {
    openFile(name, "cut");
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (head + "Content-Length: " + (form.size() + content.length) + "\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(form.toByteArray());
      out.write(content, 0, content.length / 2);
      out.flush();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Sends a file in chunks until the service wants no more of it.
   *
   * @param most after so many bytes the service has failed to stop it
   * @return how many bytes it took
   */
  public long endless(String name, byte[] beginning, long most) {
    openFile(name, "endless");
    form.writeBytes(beginning);
    long sent = 0;
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (head + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      byte[] chunk = form.toByteArray();
      while (sent < most) {
        out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(chunk);
        out.write(new byte[] {'\r', '\n'});
        out.flush();
        sent += chunk.length;
        chunk = new byte[64 * 1024];
      }
    } catch (IOException stopped) {
      // The service has answered and closed the line, which is what it should do.
    }
    return sent;
  }

  private void openFile(String name, String fileName) {
    text(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
            .formatted(BOUNDARY, name, fileName));
  }

  private void text(String text) {
    form.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  /** The second word of {@code HTTP/1.1 200}. */
  private static int status(InputStream in) throws IOException {
    String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
    return Integer.parseInt(line.substring(9));
  }
}
