package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls over HTTP: ten seconds and eight megabytes at most, and no redirects followed. */
final class Web {

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long MOST_BYTES = 8 << 20;

  private Web() {}

  /** A client with these limits. */
  static HttpClient.Builder client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
  }

  /** Gets what is at an address, whatever the status. */
  static HttpResponse<String> get(HttpClient client, URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(ANSWER);
    headers.forEach(request::header);
    return client.send(
        request.build(),
        BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES));
  }

  /** What is found about each service, in their order, with one client for all. */
  static List<Finding> aboutEachService(Look look) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try (HttpClient client = client().build()) {
      for (Part part : Part.values()) {
        findings.add(look.at(client, part));
      }
    }
    return findings;
  }

  /** A look at one service. */
  interface Look {
    Finding at(HttpClient client, Part part) throws InterruptedException;
  }
}
