package io.mybella.gateway.identity.oidc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Calls of the provider, bounded in time and size. Redirects are not followed. */
final class ProviderHttp {

  /** Metadata, keys and tokens are some kilobytes. */
  private static final int MAX_ANSWER = 1 << 20;

  private final JdkClientHttpRequestFactory requests;

  /** With the time one call may take, to the last byte of its answer. */
  ProviderHttp(Duration timeout) {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    this.requests = new JdkClientHttpRequestFactory(client);
    this.requests.setReadTimeout(timeout);
  }

  RestClient.Builder client() {
    return RestClient.builder()
        .requestFactory(requests)
        .requestInterceptor(ProviderHttp::readWithinBounds);
  }

  /** For what knows {@code RestOperations} only. */
  RestTemplate template() {
    var template = new RestTemplate(requests);
    template.getInterceptors().add(ProviderHttp::readWithinBounds);
    return template;
  }

  private static ClientHttpResponse readWithinBounds(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    ClientHttpResponse answer = execution.execute(request, body);
    try (answer) {
      byte[] read = answer.getBody().readNBytes(MAX_ANSWER + 1);
      if (read.length > MAX_ANSWER) {
        throw new IOException("The provider's answer is too large");
      }
      return new ReadAnswer(
          answer.getStatusCode(),
          answer.getStatusText(),
          answer.getHeaders(),
          new ByteArrayInputStream(read));
    }
  }

  private record ReadAnswer(
      HttpStatusCode status, String text, HttpHeaders headers, InputStream body)
      implements ClientHttpResponse {

    @Override
    public HttpStatusCode getStatusCode() {
      return status;
    }

    @Override
    public String getStatusText() {
      return text;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public InputStream getBody() {
      return body;
    }

    @Override
    public void close() {}
  }
}
