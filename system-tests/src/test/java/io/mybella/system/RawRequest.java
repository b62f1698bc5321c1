package io.mybella.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request over a bare socket, byte for byte as it is given: HTTP clients refuse to send much of
 * what an attacker sends.
 */
final class RawRequest {

  private static final int PATIENCE_MILLIS = 60_000;

  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * @param target as it stands in the request line
   * @param headers each with its value, neither checked nor encoded
   */
  RawRequest(String method, String target, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.headers = Map.copyOf(headers);
    this.body = body.clone();
  }

  /** The answer: its status, its headers with their names in lower case, and its body. */
  record RawAnswer(int status, Map<String, String> headers, String body) {

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * Sends it on a connection of its own.
   *
   * @throws IOException when the server closes the connection without an answer
   */
  RawAnswer send(URI server) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      write(socket);
      return read(socket.getInputStream().readAllBytes());
    }
  }

  private void write(Socket socket) {
    try {
      socket.getOutputStream().write(bytes());
      socket.getOutputStream().flush();
    } catch (IOException refused) {
      // A server that has answered need not read the rest; its answer is what counts.
      return;
    }
  }

  /** The whole request; the server is asked to close the connection after its answer. */
  private byte[] bytes() {
    StringBuilder head =
        new StringBuilder("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n".formatted(method, target));
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: " + body.length + "\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(UTF_8));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private static RawAnswer read(byte[] bytes) throws IOException {
    String text = new String(bytes, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("No answer but: " + text);
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    var headers = new LinkedHashMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    // "HTTP/1.1 200"
    return new RawAnswer(
        Integer.parseInt(lines[0].substring(9, 12)), headers, text.substring(end + 4));
  }

  @Override
  public String toString() {
    String shown = new String(body, UTF_8);
    return "%s %s %s %s"
        .formatted(
            method,
            target.length() > 200 ? target.substring(0, 200) + "…" : target,
            headers,
            shown.length() > 200 ? shown.substring(0, 200) + "…" : shown);
  }
}
