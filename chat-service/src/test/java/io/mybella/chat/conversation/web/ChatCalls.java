package io.mybella.chat.conversation.web;

import io.mybella.chassis.testing.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the chat as a client outside does. */
final class ChatCalls {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  /** An event of a stream. */
  record Event(String name, JsonNode data) {}

  /** A stream that is being read; closing hangs up. */
  record Stream(HttpResponse<InputStream> response, BufferedReader reader)
      implements AutoCloseable {

    /** The next event; null at the end. */
    Event next() throws IOException {
      String name = null;
      String data = null;
      String line;
      while ((line = reader.readLine()) != null) {
        if (line.startsWith("event:")) {
          name = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:")) {
          data = line.substring("data:".length());
        } else if (line.isEmpty() && data != null) {
          return new Event(name, JSON.readTree(data));
        }
      }
      return null;
    }

    List<Event> rest() throws IOException {
      var events = new ArrayList<Event>();
      for (Event event = next(); event != null; event = next()) {
        events.add(event);
      }
      return events;
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  ChatCalls(int port) {
    this.url = "http://127.0.0.1:" + port;
  }

  HttpResponse<String> json(long persona, String body) throws Exception {
    return http.send(
        request(persona, body).header("Accept", "application/json").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  Stream stream(long persona, String body) throws Exception {
    HttpResponse<InputStream> response =
        http.send(
            request(persona, body).header("Accept", "text/event-stream").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    return new Stream(
        response,
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  List<Event> events(long persona, String body) throws Exception {
    try (Stream stream = stream(persona, body)) {
      return stream.rest();
    }
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder request(long persona, String body) {
    return anonymous(persona, body).header("Authorization", TestTokens.bearer(7));
  }

  HttpRequest.Builder anonymous(long persona, String body) {
    return HttpRequest.newBuilder(URI.create(url + "/api/personas/" + persona + "/chat"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }
}
