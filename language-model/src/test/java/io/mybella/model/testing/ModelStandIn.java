package io.mybella.model.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model server that speaks the wire protocol of OpenAI's chat completions and embeddings, written
 * on a bare socket so that it can also break it: cut a stream, stall, answer nonsense.
 */
public final class ModelStandIn implements AutoCloseable {

  /** What it says that each prompt took. */
  public static final int PROMPT_TOKENS = 7;

  /** What it says that each whole answer took; of a streamed one each piece takes one token. */
  public static final int WHOLE_TOKENS = 5;

  /** What it does with one request. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(Answer answer) throws IOException, InterruptedException;
  }

  /**
   * A request as it arrived.
   *
   * @param head request line and headers
   * @param body JSON
   */
  public record Request(String head, String body) {}

  /** Writes one answer. */
  public static final class Answer {

    private final OutputStream out;
    private final JsonNode asked;
    private int tokens;

    private Answer(OutputStream out, JsonNode asked) {
      this.out = out;
      this.asked = asked;
    }

    public void status(int status, String contentType, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      raw(
          "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(status, contentType, bytes.length));
      out.write(bytes);
      out.flush();
    }

    public void startStream() throws IOException {
      raw(
          String.join(
              "\r\n",
              "HTTP/1.1 200 OK",
              "Content-Type: text/event-stream; charset=utf-8",
              "Transfer-Encoding: chunked",
              "Connection: close",
              "",
              ""));
    }

    public void token(String json) throws IOException {
      tokens++;
      event(
          "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":"
              + "{\"content\":"
              + json
              + "},\"finish_reason\":null}]}");
    }

    public void delta(String json) throws IOException {
      event("{\"choices\":[{\"index\":0,\"delta\":" + json + ",\"finish_reason\":null}]}");
    }

    /** The end of what is said, and what it took when that was asked for. */
    public void finish() throws IOException {
      event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
      if (asked.at("/stream_options/include_usage").asBoolean(false)) {
        event("{\"choices\":[],\"usage\":" + usage(tokens) + "}");
      }
    }

    public void event(String data) throws IOException {
      chunk("data: " + data + "\n\n");
    }

    public void chunk(String text) throws IOException {
      chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    public void chunk(byte[] bytes) throws IOException {
      raw(Integer.toHexString(bytes.length) + "\r\n");
      out.write(bytes);
      raw("\r\n");
    }

    public void endStream() throws IOException {
      raw("0\r\n\r\n");
    }

    private void raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static String usage(int completion) {
    return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(PROMPT_TOKENS, completion, PROMPT_TOKENS + completion);
  }

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Behaviour behaviour = says("Hello", " there");
  private volatile CountDownLatch clientGone = new CountDownLatch(1);

  public ModelStandIn() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
  }

  public void behave(Behaviour next) {
    requests.clear();
    clientGone = new CountDownLatch(1);
    behaviour = next;
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Counted down when a client hung up on a stream. */
  public CountDownLatch clientGone() {
    return clientGone;
  }

  /** Streams the tokens as the protocol says. */
  public static Behaviour says(String... tokens) {
    return answer -> {
      answer.startStream();
      answer.event("{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}");
      for (String token : tokens) {
        answer.token("\"" + token + "\"");
      }
      answer.finish();
      answer.event("[DONE]");
      answer.endStream();
    };
  }

  public static Behaviour fails(int status) {
    return answer ->
        answer.status(
            status, "application/json", "{\"error\":{\"message\":\"no\",\"type\":\"x\"}}");
  }

  /** Refuses requests with a parameter as OpenAI does, and does something else with the others. */
  public Behaviour refuses(String parameter, Behaviour otherwise) {
    return answer -> {
      JsonNode asked = JsonMapper.shared().readTree(requests.getLast().body()).path(parameter);
      if (asked.isMissingNode() || (asked.isBoolean() && !asked.asBoolean())) {
        otherwise.answer(answer);
      } else {
        answer.status(
            400,
            "application/json",
            """
            {"error": {"message": "Unsupported parameter: '%1$s' is not supported with this model.",
              "type": "invalid_request_error", "param": "%1$s", "code": "unsupported_parameter"}}
            """
                .formatted(parameter));
      }
    };
  }

  /** Refuses requests with a parameter as servers do that validate with a schema. */
  public Behaviour forbids(String parameter, Behaviour otherwise) {
    return answer -> {
      if (JsonMapper.shared().readTree(requests.getLast().body()).has(parameter)) {
        answer.status(
            422,
            "application/json",
            "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"%s\"]}]}"
                .formatted(parameter));
      } else {
        otherwise.answer(answer);
      }
    };
  }

  /** Answers as a whole, whatever was asked for. */
  public static Behaviour saysAsAWhole(String text) {
    return answer ->
        answer.status(
            200,
            "application/json",
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":%s,\"refusal\":null}}],\"usage\":%s}"
                .formatted(JsonMapper.shared().writeValueAsString(text), usage(WHOLE_TOKENS)));
  }

  /** Makes vectors, the last text's first: they need not come in order. */
  public static Behaviour embeds(Function<String, float[]> vectors) {
    return answer -> {
      ObjectNode body = JsonMapper.shared().createObjectNode().put("object", "list");
      ArrayNode data = body.putArray("data");
      for (int i = answer.asked.path("input").size() - 1; i >= 0; i--) {
        ArrayNode numbers =
            data.addObject().put("object", "embedding").put("index", i).putArray("embedding");
        for (float each : vectors.apply(answer.asked.path("input").get(i).asString())) {
          numbers.add(each);
        }
      }
      answer.status(200, "application/json", JsonMapper.shared().writeValueAsString(body));
    };
  }

  /** Takes its time before it does something. */
  public Behaviour after(Duration time, Behaviour then) {
    return answer -> {
      closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
      then.answer(answer);
    };
  }

  /** Tells its thoughts for longer than its first word may take, then says the tokens. */
  public Behaviour thinks(String field, Duration time, String... tokens) {
    return answer -> {
      answer.startStream();
      answer.delta("{\"role\":\"assistant\",\"content\":\"\",\"" + field + "\":\"Hmm\"}");
      answer.delta("{\"content\":null,\"" + field + "\":\", let me see\"}");
      closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
      for (String token : tokens) {
        answer.token("\"" + token + "\"");
      }
      answer.finish();
      answer.endStream();
    };
  }

  /** Declines in the words of {@code delta.refusal}, as OpenAI's models do. */
  public static Behaviour declines(String... tokens) {
    return answer -> {
      answer.startStream();
      answer.delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
      for (String token : tokens) {
        answer.delta("{\"refusal\":\"" + token + "\"}");
      }
      answer.finish();
      answer.event("[DONE]");
      answer.endStream();
    };
  }

  /** Says some tokens and closes the connection in the middle of the stream. */
  public static Behaviour cutAfter(String... tokens) {
    return answer -> {
      answer.startStream();
      for (String token : tokens) {
        answer.token("\"" + token + "\"");
      }
    };
  }

  /** Says some tokens, then nothing until the test is over. */
  public Behaviour stallsAfter(String... tokens) {
    return answer -> {
      answer.startStream();
      for (String token : tokens) {
        answer.token("\"" + token + "\"");
      }
      closed.await();
    };
  }

  /** Goes on talking until the client hangs up. */
  public Behaviour neverStops() {
    return answer -> {
      answer.startStream();
      try {
        while (true) {
          answer.token("\"word \"");
          // Paces the stream, so that it is not over by the bound of a reply.
          if (closed.await(20, TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      } catch (IOException gone) {
        clientGone.countDown();
      }
    };
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var in = new BufferedInputStream(client.getInputStream());
      String head = readHead(in);
      int length =
          head.lines()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
              .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
              .findFirst()
              .orElse(0);
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      requests.add(new Request(head, body));
      behaviour.answer(new Answer(client.getOutputStream(), JsonMapper.shared().readTree(body)));
    } catch (IOException hungUp) {
      clientGone.countDown();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static String readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("No request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.close();
  }
}
