package io.mybella.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests as they stand on the wire. */
public final class Requests {

  private static final int BUILT_IN = 6;

  private Requests() {}

  /**
   * One request.
   *
   * @param what method and path
   * @param bearer the key or token that it shows; empty for none
   * @param body of JSON; null for none
   */
  public static byte[] of(String what, String bearer, @Nullable String body) {
    byte[] content = body == null ? new byte[0] : body.getBytes(UTF_8);
    String head =
        Stream.of(
                what + " HTTP/1.1",
                "Host: 127.0.0.1",
                bearer.isEmpty() ? "" : "Authorization: Bearer " + bearer,
                body == null ? "" : "Content-Type: application/json",
                body == null ? "" : "Content-Length: " + content.length)
            .filter(line -> !line.isEmpty())
            .reduce("", (lines, line) -> lines + line + "\r\n");
    byte[] start = (head + "\r\n").getBytes(UTF_8);
    byte[] request = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, request, start.length, content.length);
    return request;
  }

  /**
   * The same one again and again.
   *
   * @see #of
   */
  public static Load.Caller always(String what, String bearer, @Nullable String body) {
    byte[] request = of(what, bearer, body);
    return () -> request;
  }

  /** Switches of a user who never chose before, to another built-in persona each time. */
  public static Load.Caller switches(String key) {
    List<byte[]> requests =
        IntStream.rangeClosed(1, BUILT_IN)
            .mapToObj(id -> of("POST /api/personas/switch", key, "{\"persona_id\":" + id + "}"))
            .toList();
    AtomicInteger next = new AtomicInteger();
    return () -> requests.get(Math.floorMod(next.incrementAndGet(), BUILT_IN));
  }

  /** What somebody has to say, in about a sentence, to one persona. */
  public static Load.Caller messages(long persona, String key) {
    return always(
        "POST /api/personas/%d/messages".formatted(persona),
        key,
        "{\"role\":\"user\",\"content\":\"A message of about the length that people type, on the"
            + " whole.\"}");
  }
}
