package io.mybella.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests that are almost right: one of the contract's, wrong in one to three places. */
final class Fuzz {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BOUNDARY = "fuzzy";

  private static final List<String> SEGMENTS =
      List.of(
          "0",
          "-1",
          "1.5",
          "1e3",
          "abc",
          "%20",
          "%00",
          "%ff",
          "%",
          "%zz",
          "%ed%a0%80",
          "%2e%2e",
          "1;v=2",
          "%F0%9F%98%80",
          "99999999999999999999",
          "9223372036854775807",
          "%2F",
          "1%0d%0aX:y",
          "01",
          "+1",
          "00000000-0000-7000-8000-000000000000",
          "0198C0DE",
          "x".repeat(3_000));

  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "200",
          "201",
          "2147483648",
          "9e9",
          "NaN",
          "true",
          "abc",
          "%",
          "%00",
          "%ff",
          "%zz",
          "%ed%a0%80",
          "%C3%28",
          "%F0%9F%98%80",
          "%E2%80%AE",
          "%22",
          "a%26b",
          "[]",
          "%EF%BF%BF",
          "x".repeat(3_000));

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "\\ud800",
          "\u202e",
          "\ufeff",
          "\uffff",
          "😀",
          "';--",
          "<b>",
          "../..",
          "%s%n",
          "\r\n",
          "x".repeat(51),
          "x".repeat(5_001),
          "x".repeat(33_000));

  private static final List<String> JSON_VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e400",
          "9223372036854775808",
          "[]",
          "{}",
          "[[]]",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\uffff\"",
          "\"\\ud83d\\ude00\"",
          "\"1\"",
          "\"abc\"",
          "{\"a\":".repeat(70) + "1" + "}".repeat(70),
          "[".repeat(2_000) + "]".repeat(2_000),
          "\"" + "x".repeat(5_001) + "\"",
          "\"" + "x".repeat(33_000) + "\"",
          "9".repeat(2_000));

  private static final List<String> DOCUMENTS =
      List.of(
          "",
          "null",
          "1",
          "\"\"",
          "[]",
          "[{}]",
          "{",
          "{}}",
          "{\"a\"}",
          "{'a':1}",
          "{\"a\":1,}",
          "\ufeff{}",
          "{} {}",
          "// x\n{}",
          "[".repeat(5_000),
          "NaN",
          "{\"\":1}",
          "{\"name\":1,\"name\":2}");

  private static final Map<String, List<String>> HEADERS =
      Map.of(
          "Accept",
          List.of(
              "*/*",
              "",
              "text/html",
              "application/xml",
              "text/event-stream",
              "nonsense",
              ";q=",
              "application/json;q=2",
              "*/json",
              "application/json, */*;q=0.1",
              "audio/mpeg"),
          "Content-Type",
          List.of(
              "*/*",
              "",
              "application/",
              "/json",
              "nonsense",
              "text/plain",
              "application/*",
              "application/json;charset=utf-16",
              "application/json;charset=nope",
              "multipart/form-data",
              "multipart/form-data; boundary=",
              "multipart/form-data; boundary=" + "b".repeat(300),
              "application/xml",
              "application/x-www-form-urlencoded",
              "application/octet-stream"),
          "If-Match",
          List.of("\"1\"", "W/\"1\"", "*", "nonsense", "\"", "", "\"1\", \"2\"", "\"é\""),
          "If-None-Match",
          List.of("\"1\"", "W/\"1\"", "*", "nonsense", "\"", ""),
          "If-Modified-Since",
          List.of("nonsense", "Thu, 01 Jan 1970 00:00:00 GMT", ""),
          "Idempotency-Key",
          List.of("", "a", "x".repeat(300), "é", "a b", "\t"),
          "Range",
          List.of("bytes=0-", "bytes=5-1", "bytes=-1", "nonsense", "bytes=0-0,1-1,2-2"),
          "Accept-Language",
          List.of("de", "nonsense-x-", "*", ";", "\u0001"),
          "X-Request-Id",
          List.of("", "x".repeat(300), "<b>", "é"),
          "X-HTTP-Method-Override",
          List.of("DELETE", "PUT", "nonsense"));

  private final Random random;
  private final List<String> things;

  /**
   * @param seed the same requests for the same seed
   * @param things ids that exist, of the caller and of others
   */
  Fuzz(long seed, List<String> things) {
    this.random = new Random(seed);
    this.things = things;
  }

  /**
   * The next request for the operation.
   *
   * @param example a right body, or null for an operation without one
   * @param parameters names of the parameters of its query
   */
  RawRequest request(
      Operation operation, JsonNode example, List<String> parameters, Map<String, String> proof) {
    var headers = new LinkedHashMap<>(proof);
    headers.put("Accept", "application/json");
    byte[] body = example == null ? new byte[0] : body(operation, example, headers);
    if (chance(3)) {
      String name = pick(List.copyOf(HEADERS.keySet()));
      headers.put(name, pick(HEADERS.get(name)));
    }
    return new RawRequest(operation.method(), path(operation) + query(parameters), headers, body);
  }

  private String path(Operation operation) {
    String path = operation.path();
    while (path.contains("{")) {
      String segment = chance(3) ? pick(SEGMENTS) : pick(things);
      path = path.substring(0, path.indexOf('{')) + segment + path.substring(path.indexOf('}') + 1);
    }
    return path;
  }

  private String query(List<String> parameters) {
    if (chance(200)) {
      return IntStream.range(0, 1_100)
          .mapToObj(i -> "p" + i + "=" + i)
          .collect(Collectors.joining("&", "?", ""));
    }
    var names = new ArrayList<>(parameters);
    names.addAll(List.of("v", "%ff", "a[b]"));
    int count = parameters.isEmpty() ? random.nextInt(2) : random.nextInt(3);
    return count == 0
        ? ""
        : IntStream.range(0, count)
            .mapToObj(i -> pick(names) + "=" + pick(VALUES))
            .collect(Collectors.joining("&", "?", ""));
  }

  private byte[] body(Operation operation, JsonNode example, Map<String, String> headers) {
    boolean files = operation.path().endsWith("/upload");
    boolean forms = operation.path().startsWith("/api/personas/") && !operation.isOfPersona();
    int kind = random.nextInt(10);
    if (files || (forms && kind == 0)) {
      headers.put("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
      return multipart(example);
    }
    if (forms && kind < 3) {
      headers.put("Content-Type", "application/x-www-form-urlencoded");
      return form(example).getBytes(ISO_8859_1);
    }
    headers.put("Content-Type", "application/json");
    if (chance(5)) {
      return pick(DOCUMENTS).getBytes(UTF_8);
    }
    if (chance(30)) {
      return ("{\"a\":\"" + "x".repeat(70_000) + "\"}").getBytes(UTF_8);
    }
    if (chance(20)) {
      return damaged(JSON.writeValueAsBytes(example));
    }
    return json(example).getBytes(UTF_8);
  }

  /** Written by hand, because no mapper writes what is to be tried here. */
  private String json(JsonNode example) {
    var fields = new LinkedHashMap<String, String>();
    example.properties().forEach(each -> fields.put(each.getKey(), each.getValue().toString()));
    List<String> names = List.copyOf(fields.keySet());
    int changes = random.nextInt(3);
    for (int i = 0; i < changes && !names.isEmpty(); i++) {
      switch (random.nextInt(6)) {
        case 0 -> fields.remove(pick(names));
        case 1 ->
            fields.put(
                pick(List.of("user_id", "owner", "role", "metadata", "id", "")), pick(JSON_VALUES));
        case 2 -> fields.put(pick(names), JSON.writeValueAsString(pick(TEXTS)));
        default -> fields.put(pick(names), pick(JSON_VALUES));
      }
    }
    return fields.entrySet().stream()
        .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private String form(JsonNode example) {
    if (chance(40)) {
      return IntStream.range(0, 1_100)
          .mapToObj(i -> "p" + i + "=" + i)
          .collect(Collectors.joining("&"));
    }
    List<String> names = names(example);
    return IntStream.range(0, 1 + random.nextInt(3))
        .mapToObj(i -> (chance(6) ? pick(VALUES) : pick(names)) + "=" + pick(VALUES))
        .collect(Collectors.joining("&"));
  }

  private byte[] multipart(JsonNode example) {
    var body = new ByteArrayOutputStream();
    List<String> names = names(example);
    int parts = random.nextInt(4);
    for (int i = 0; i < parts; i++) {
      String name =
          chance(6) ? pick(List.of("", "\u0000", "a\u0000b", "\uffff", "é")) : pick(names);
      boolean file = chance(3);
      body.writeBytes(
          "--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n%s\r\n"
              .formatted(
                  BOUNDARY,
                  name,
                  file ? "; filename=\"" + pick(List.of("a.png", "", "../a", "\u0000")) + "\"" : "",
                  file ? "Content-Type: " + pick(List.of("image/png", "*/*", "x")) + "\r\n" : "")
              .getBytes(UTF_8));
      body.writeBytes(
          file
              ? damaged(chance(2) ? Pictures.sunset().buffer : Recordings.hum().buffer)
              : pick(TEXTS).getBytes(UTF_8));
      body.writeBytes("\r\n".getBytes(UTF_8));
    }
    body.writeBytes((chance(8) ? "" : "--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
    return body.toByteArray();
  }

  private static List<String> names(JsonNode example) {
    List<String> names = new ArrayList<>(List.of("avatar", "voice_file", "unknown"));
    if (example instanceof ObjectNode object) {
      names.addAll(object.propertyNames());
    }
    return names;
  }

  /** The same with some bytes changed, or without its end. */
  private byte[] damaged(byte[] right) {
    byte[] bytes = right.clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return chance(3) ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
