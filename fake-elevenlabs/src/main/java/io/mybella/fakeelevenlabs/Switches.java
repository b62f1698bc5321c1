package io.mybella.fakeelevenlabs;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * For somebody who tries the program: {@code /_faults} switches faults on and off, {@code /_record}
 * tells what was asked. Neither is a path of ElevenLabs.
 */
final class Switches {

  private static final Set<String> MEMBERS =
      Set.of("fault", "on", "times", "retry_after", "milliseconds", "older_shape");

  /** A voice, or a call such as {@code voices/add}. */
  private static final Pattern WHAT = Pattern.compile("[A-Za-z0-9]{1,64}|voices/(add|delete)");

  private static final int MOST_BODY_BYTES = 4_096;
  private static final int MOST_FAULTS = 100;
  private static final int MOST_TIMES = 1_000;
  private static final int MOST_SECONDS = 3_600;
  private static final int MOST_MILLISECONDS = 120_000;
  private static final int USUAL_MILLISECONDS = 10_000;

  private final FakeElevenLabs fake;
  private final Behaviours behaviours;

  Switches(FakeElevenLabs fake, Behaviours behaviours) {
    this.fake = fake;
    this.behaviours = behaviours;
  }

  /** Answers {@code /_faults}. */
  void faults(HttpExchange exchange) throws IOException {
    try {
      switch (exchange.getRequestMethod()) {
        case "GET" -> {}
        case "PUT" -> switchOn(body(exchange));
        case "DELETE" -> switchOff(new Query(exchange.getRequestURI().getRawQuery()));
        default -> throw new IllegalArgumentException("GET, PUT or DELETE");
      }
      Map<String, Object> state = new LinkedHashMap<>();
      state.put("on", behaviours.told());
      state.put("faults", Arrays.stream(Fault.values()).map(Fault::code).toList());
      state.put("calls", FakeElevenLabs.CALLS);
      Delivery.send(exchange, Reply.json(state));
    } catch (IllegalArgumentException | ApiError e) {
      refuse(exchange, e);
    }
  }

  /** Answers {@code /_record}. */
  void tell(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "GET" -> {}
      case "DELETE" -> fake.forget();
      default -> {
        refuse(exchange, new IllegalArgumentException("GET or DELETE"));
        return;
      }
    }
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("speech", fake.tally());
    record.put("slot_seconds", fake.slotSeconds());
    record.put("voices", fake.tallies());
    record.put(
        "requests",
        fake.requests("/").stream()
            .map(
                request ->
                    "%s %s%s"
                        .formatted(
                            request.method(),
                            request.path(),
                            request.query() == null ? "" : "?" + request.query()))
            .toList());
    Delivery.send(exchange, Reply.json(record));
  }

  private void switchOn(JsonNode body) {
    for (String member : body.propertyNames()) {
      if (!MEMBERS.contains(member)) {
        throw new IllegalArgumentException(member + " is none of " + List.copyOf(MEMBERS));
      }
    }
    String code = body.path("fault").asString("");
    Fault fault =
        Fault.of(code)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("fault is none of those that GET /_faults names"));
    String on = what(body.path("on").asString(FakeElevenLabs.SPEECH));
    Fault.Details details =
        new Fault.Details(
            body.has("retry_after")
                ? Duration.ofSeconds(number(body, "retry_after", 0, 0, MOST_SECONDS))
                : null,
            Duration.ofMillis(
                number(body, "milliseconds", USUAL_MILLISECONDS, 0, MOST_MILLISECONDS)),
            flag(body, "older_shape"));
    int times = number(body, "times", 0, 1, MOST_TIMES);
    Behaviour behaviour = fault.behaviour(details);
    if (behaviours.size() >= MOST_FAULTS) {
      throw new IllegalArgumentException("more than " + MOST_FAULTS + " at the same time");
    }
    behaviours.let(on, times == 0 ? behaviour : new Behaviour.FailsAtFirst(times, behaviour), body);
  }

  private void switchOff(Query query) {
    String on = query.first("on");
    if (on.isEmpty()) {
      behaviours.clear();
    } else {
      behaviours.forget(what(on));
    }
    fake.endSilence();
  }

  private static String what(String on) {
    if (!WHAT.matcher(on).matches()) {
      throw new IllegalArgumentException(
          "on is the id of a voice or one of " + FakeElevenLabs.CALLS);
    }
    return on;
  }

  private static int number(JsonNode body, String member, int missing, int least, int most) {
    if (!body.has(member)) {
      return missing;
    }
    JsonNode value = body.path(member);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.asInt() < least
        || value.asInt() > most) {
      throw new IllegalArgumentException(
          "%s is a whole number from %d to %d".formatted(member, least, most));
    }
    return value.asInt();
  }

  private static boolean flag(JsonNode body, String member) {
    JsonNode value = body.path(member);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new IllegalArgumentException(member + " is true or false");
    }
    return value.asBoolean(false);
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
    if (bytes.length > MOST_BODY_BYTES) {
      throw new IllegalArgumentException("more than " + MOST_BODY_BYTES + " bytes");
    }
    try {
      JsonNode body = Json.MAPPER.readTree(bytes);
      if (body.isObject()) {
        return body;
      }
    } catch (JacksonException e) {
      // Said below, as of other JSON.
    }
    throw new IllegalArgumentException("the body is a JSON object such as {\"fault\":\"stall\"}");
  }

  private static void refuse(HttpExchange exchange, Exception why) throws IOException {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("title", "Bad Request");
    problem.put("status", 400);
    problem.put("detail", why.getMessage());
    Delivery.send(exchange, new Reply(400, "application/problem+json", Map.of(), Json.of(problem)));
  }
}
