package io.mybella.model;

import java.net.http.HttpClient;
import java.time.Duration;

/** How endpoints of models are called, whatever they are asked. */
final class Endpoints {

  private Endpoints() {}

  /** A client for the endpoint at an address; it follows no redirects. */
  static HttpClient http(String baseUrl, Duration connectTimeout) {
    return HttpClient.newBuilder()
        // Model servers on plain HTTP stumble over the upgrade to HTTP/2 that is offered else.
        .version(
            baseUrl.startsWith("https:") ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
        .connectTimeout(connectTimeout)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}
