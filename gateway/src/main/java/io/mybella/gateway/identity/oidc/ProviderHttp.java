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
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestTemplate;

/** Calls of the provider, bounded in time and size. Redirects are not followed. */
final class ProviderHttp {

  /** Metadata, keys and tokens are some kilobytes. */
  private static final int MAX_ANSWER = 1 << 20;

  private ProviderHttp() {}

  /**
   * What all of Spring Security's parts ask the provider with.
   *
   * @param timeout of one call, to the last byte of its answer
   */
  static RestTemplate within(Duration timeout) {
    var requests =
        new JdkClientHttpRequestFactory(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build());
    requests.setReadTimeout(timeout);
    var template = new RestTemplate(requests);
    template.getInterceptors().add(ProviderHttp::readWithinBounds);
    template.getMessageConverters().addFirst(new OAuth2AccessTokenResponseHttpMessageConverter());
    template.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
    return template;
  }

  private static ClientHttpResponse readWithinBounds(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    try (ClientHttpResponse answer = execution.execute(request, body)) {
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

  /** An answer whose connection is free again. Its parts are called what Spring asks for. */
  private record ReadAnswer(
      HttpStatusCode getStatusCode,
      String getStatusText,
      HttpHeaders getHeaders,
      InputStream getBody)
      implements ClientHttpResponse {

    @Override
    public void close() {}
  }
}
