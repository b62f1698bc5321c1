package io.mybella.chassis.http;

import io.mybella.chassis.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
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

  private static final String HELD = BoundedBodies.class.getName() + ".held";
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final int PIECE = 8 * 1024;

  private final DataSize standard;

  /** Bytes that all bodies together may still take: at most an eighth of the heap. */
  private final Semaphore room =
      new Semaphore((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8));

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
    RequestAttributes request = RequestContextHolder.currentRequestAttributes();
    InputStream in = message.getBody();
    var body = new ByteArrayOutputStream();
    byte[] piece;
    do {
      piece = in.readNBytes(PIECE);
      refuseAbove(limit, body.size() + piece.length);
      hold(piece.length, request);
      body.writeBytes(piece);
    } while (piece.length == PIECE);
    return new ReadBody(message.getHeaders(), new ByteArrayInputStream(body.toByteArray()));
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    if (request.getAttribute(HELD) instanceof Integer bytes) {
      request.removeAttribute(HELD);
      room.release(bytes);
    }
  }

  /** The bytes stay taken until the request has ended: handlers keep what they were given. */
  private void hold(int bytes, RequestAttributes request) {
    if (!room.tryAcquire(bytes)) {
      throw Problem.unavailable("Too many bodies are being read right now", SOON);
    }
    int before =
        request.getAttribute(HELD, RequestAttributes.SCOPE_REQUEST) instanceof Integer held
            ? held
            : 0;
    request.setAttribute(HELD, before + bytes, RequestAttributes.SCOPE_REQUEST);
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
