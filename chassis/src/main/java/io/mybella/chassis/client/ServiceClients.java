package io.mybella.chassis.client;

import io.mybella.chassis.request.RequestId;
import io.mybella.chassis.trace.TraceParent;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.client.RestClient;

/**
 * Makes the HTTP clients with which a service calls its neighbours: one shared connection pool,
 * bounded in time, carrying the caller's token, the request id and the trace. An {@code
 * Authorization} header that a call sets itself stays.
 */
public final class ServiceClients {

  private final RestClient.Builder builder;
  private final HttpClient http;
  private final Duration readTimeout;

  ServiceClients(RestClient.Builder builder, ServiceClientProperties properties) {
    this.builder = builder;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(properties.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.readTimeout = properties.readTimeout();
  }

  /**
   * A client for one service.
   *
   * @param name of the service, for breakers and log lines
   * @param baseUrl such as {@code http://127.0.0.1:8081}
   */
  public RestClient client(String name, String baseUrl) {
    var requests = new JdkClientHttpRequestFactory(http);
    requests.setReadTimeout(readTimeout);
    return builder
        .clone()
        .baseUrl(baseUrl)
        .requestFactory(requests)
        .requestInterceptor(ServiceClients::identify)
        .build();
  }

  private static ClientHttpResponse identify(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    HttpHeaders headers = request.getHeaders();
    RequestId.current().ifPresent(id -> headers.set(RequestId.HEADER, id));
    TraceParent.current().ifPresent(trace -> headers.set(TraceParent.HEADER, trace.header()));
    if (!headers.containsHeader(HttpHeaders.AUTHORIZATION)
        && SecurityContextHolder.getContext().getAuthentication()
            instanceof JwtAuthenticationToken caller) {
      headers.setBearerAuth(caller.getToken().getTokenValue());
    }
    return execution.execute(request, body);
  }
}
