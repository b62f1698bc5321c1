package io.mybella.waiting;

import io.mybella.load.Session;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stand-in for ElevenLabs beside the platform; docs/fake-elevenlabs.md. */
final class StandIn {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;

  /** What voice-service speaks with unless told otherwise; others have fewer slots. */
  private static final String MODEL = "eleven_flash_v2_5";

  private final HttpClient http;
  private final URI address;

  StandIn(HttpClient http, int port) {
    this.http = http;
    this.address = URI.create("http://127.0.0.1:" + port);
  }

  /**
   * What was under way.
   *
   * @param most requests for speech at the same time, refused ones included
   * @param slotSeconds how long all speeches took together
   */
  record UnderWay(int most, double slotSeconds) {}

  /** The id of one of its voices. */
  String firstVoice() throws IOException, InterruptedException {
    return json(request("/v2/voices")).path("voices").path(0).path("voice_id").asString();
  }

  /** A request for a speech, which lacks its text. */
  HttpRequest.Builder speech(String voice) {
    return request("/v1/text-to-speech/" + voice + "/stream");
  }

  /** How many speeches the account has at the same time. */
  int slots(String voice) throws IOException, InterruptedException {
    String text = "{\"text\":\"How many?\",\"model_id\":\"%s\"}".formatted(MODEL);
    HttpRequest.Builder asked = speech(voice).POST(BodyPublishers.ofString(text));
    return Integer.parseInt(
        send(asked).headers().firstValue("maximum-concurrent-requests").orElseThrow());
  }

  /** Has the first byte of every speech take so long from now on. */
  void takesItsTime(int millis) throws IOException, InterruptedException {
    String fault = "{\"fault\":\"slow_first_byte\",\"milliseconds\":%d}".formatted(millis);
    send(request("/_faults").PUT(BodyPublishers.ofString(fault)));
  }

  /** Has it speak as it usually does. */
  void takesNoTime() throws IOException, InterruptedException {
    send(request("/_faults?on=speech").DELETE());
  }

  /** What was under way since it started, or was told to forget. */
  UnderWay told() throws IOException, InterruptedException {
    JsonNode told = json(request("/_record"));
    return new UnderWay(
        told.path("speech").path("most_at_once").asInt(), told.path("slot_seconds").asDouble());
  }

  /** Has it forget what was under way and spent. */
  void forget() throws IOException, InterruptedException {
    send(request("/_record").DELETE());
  }

  /** Makes a persona that speaks with a voice of the stand-in; its number. */
  static long personaWith(String voice, Session session) {
    String made =
        session.post(
            "/api/personas/create", "{\"name\":\"Loud\",\"voice_id\":\"%s\"}".formatted(voice));
    return JsonMapper.shared().readTree(made).path("persona").path("id").asLong();
  }

  private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
    return JsonMapper.shared().readTree(send(request).body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    if (answer.statusCode() != OK) {
      throw new IOException(answer.uri() + " answers " + answer.statusCode());
    }
    return answer;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path)).header("xi-api-key", "any");
  }
}
