package io.mybella.chassis.http;

import io.mybella.chassis.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Reads the body of a request up to its limit before anything is made of it. A length that is
 * announced above the limit is refused unread; a body without one as soon as it has exceeded it.
 * What is sent slowly costs its bytes, and the objects that they stand for only once it is
 * complete.
 */
@ControllerAdvice
final class BoundedBodies extends RequestBodyAdviceAdapter implements HandlerInterceptor {

  private final DataSize standard;

  BoundedBodies(DataSize standard) {
    this.standard = standard;
  }

  /** Before the framework looks whether there is a body, which waits for its first byte. */
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method) {
      for (MethodParameter parameter : method.getMethodParameters()) {
        if (parameter.hasParameterAnnotation(RequestBody.class)) {
          refuseAbove(limit(parameter), request.getContentLengthLong());
        }
      }
    }
    return true;
  }

  @Override
  public boolean supports(
      MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
    return true;
  }

  @Override
  public HttpInputMessage beforeBodyRead(
      HttpInputMessage message,
      MethodParameter parameter,
      Type type,
      Class<? extends HttpMessageConverter<?>> converter)
      throws IOException {
    int limit = limit(parameter);
    byte[] body = message.getBody().readNBytes(limit + 1);
    refuseAbove(limit, body.length);
    return new ReadBody(message.getHeaders(), new ByteArrayInputStream(body));
  }

  private int limit(MethodParameter parameter) {
    BodyLimit own = parameter.getMethodAnnotation(BodyLimit.class);
    DataSize size = own == null ? standard : DataSize.ofKilobytes(own.kilobytes());
    return Math.toIntExact(size.toBytes());
  }

  private static void refuseAbove(int limit, long length) {
    if (length > limit) {
      throw Problem.tooLarge("The body may have at most %d KB".formatted(limit / 1024));
    }
  }

  private record ReadBody(HttpHeaders headers, InputStream bytes) implements HttpInputMessage {

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public InputStream getBody() {
      return bytes;
    }
  }
}
