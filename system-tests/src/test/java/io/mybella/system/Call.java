package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.system.ApiClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as it goes over the wire: nothing is added to it, no cookie, no header.
 *
 * @param contentType empty for a request that names none
 */
record Call(String method, String path, String contentType, BodyPublisher body) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BOUNDARY = "mybella-boundary-7d1f";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** A request without a body. */
  static Call of(String method, String path) {
    return new Call(method, path, "", BodyPublishers.noBody());
  }

  /** The same with a body of any kind. */
  Call text(String type, String text) {
    return new Call(method, path, type, BodyPublishers.ofString(text));
  }

  /** The same with a body of JSON. */
  Call json(Object value) {
    return text("application/json", JSON.writeValueAsString(value));
  }

  /** The same as a browser sends a form. */
  Call form(Map<String, String> fields) {
    return text(
        "application/x-www-form-urlencoded",
        fields.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&")));
  }

  /** The same as a browser sends a form with files. */
  Call multipart(Map<String, String> fields, Map<String, FilePayload> files) {
    var body = new ByteArrayOutputStream();
    fields.forEach(
        (name, value) -> {
          part(body, "form-data; name=\"%s\"".formatted(name), "");
          body.writeBytes((value + "\r\n").getBytes(UTF_8));
        });
    files.forEach(
        (name, file) -> {
          part(
              body,
              "form-data; name=\"%s\"; filename=\"%s\"".formatted(name, file.name),
              "Content-Type: " + file.mimeType + "\r\n");
          body.writeBytes(file.buffer);
          body.writeBytes("\r\n".getBytes(UTF_8));
        });
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
    return new Call(
        method,
        path,
        "multipart/form-data; boundary=" + BOUNDARY,
        BodyPublishers.ofByteArray(body.toByteArray()));
  }

  private static void part(ByteArrayOutputStream body, String disposition, String more) {
    body.writeBytes(
        "--%s\r\nContent-Disposition: %s\r\n%s\r\n"
            .formatted(BOUNDARY, disposition, more)
            .getBytes(UTF_8));
  }

  /** Sends it to the server, with the given headers. */
  Answer send(URI server, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    headers.forEach(request::header);
    try {
      HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
      String type = response.headers().firstValue("content-type").orElse("");
      // JSON Lines are not JSON.
      boolean json = type.replaceAll(";.*", "").strip().endsWith("json");
      return new Answer(
          response.statusCode(),
          json ? JSON.readTree(response.body()) : JSON.missingNode(),
          response);
    } catch (IOException failed) {
      throw new UncheckedIOException(method + " " + path, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public String toString() {
    return method + " " + path;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
