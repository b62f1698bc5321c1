package io.mybella.chassis.problem;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.mybella.chassis.blob.BlobStoreException;
import io.mybella.chassis.problem.Problem.FieldError;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns every exception of a controller into problem details; only our own faults become 500. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemExceptionHandler extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemExceptionHandler.class);

  private final Diagnosis diagnosis;

  ProblemExceptionHandler(Diagnosis diagnosis) {
    this.diagnosis = diagnosis;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(Problem problem, HttpServletRequest request) {
    return answer(problem, request);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(
      ConstraintViolationException violations, HttpServletRequest request) {
    List<FieldError> errors =
        violations.getConstraintViolations().stream()
            .map(each -> new FieldError(lastNode(each.getPropertyPath()), each.getMessage()))
            .toList();
    return answer(HttpStatus.BAD_REQUEST, "The request is not valid", errors, null, request);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(CallNotPermittedException open, HttpServletRequest request) {
    return answer(
        HttpStatus.SERVICE_UNAVAILABLE,
        "A part of the platform is not answering; try again in a moment",
        List.of(),
        Duration.ofSeconds(5),
        request);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(BlobStoreException away, HttpServletRequest request) {
    log.error("{} {}: the blob store", request.getMethod(), request.getRequestURI(), away);
    return answer(
        HttpStatus.SERVICE_UNAVAILABLE,
        "The store of files is not answering; try again in a moment",
        List.of(),
        Duration.ofSeconds(5),
        request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<ProblemDetail> handle(
      MultipartException malformed, HttpServletRequest request, HttpServletResponse response) {
    if (malformed instanceof MaxUploadSizeExceededException) {
      return answer(Problem.tooLarge("The upload is too large"), request);
    }
    Optional<Problem> problem = diagnosis.problem(malformed);
    return problem.isEmpty() && diagnosis.callerGone(malformed)
        ? unheard(malformed, request, response)
        : answer(
            problem.orElseGet(() -> Problem.badRequest("The multipart body cannot be read")),
            request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<ProblemDetail> handle(
      Exception fault, HttpServletRequest request, HttpServletResponse response) {
    Optional<Problem> problem = diagnosis.problem(fault);
    if (problem.isPresent()) {
      if (diagnosis.databaseAway(fault)) {
        log.warn(
            "{} {}: the database is away: {}",
            request.getMethod(),
            request.getRequestURI(),
            fault.toString());
      }
      return answer(problem.get(), request);
    }
    if (diagnosis.callerGone(fault)) {
      return unheard(fault, request, response);
    }
    log.error("{} {} failed", request.getMethod(), request.getRequestURI(), fault);
    return answer(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong on our side; quote the request_id to support",
        List.of(),
        null,
        request);
  }

  /** Nobody hears the answer, and whoever measures it must not take it for a fault of ours. */
  private static @Nullable ResponseEntity<ProblemDetail> unheard(
      Exception gone, HttpServletRequest request, HttpServletResponse response) {
    log.debug("{} {}: the caller left", request.getMethod(), request.getRequestURI(), gone);
    if (!response.isCommitted()) {
      response.setStatus(HttpStatus.BAD_REQUEST.value());
    }
    return null;
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception exception,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    HttpServletRequest asked = ((ServletWebRequest) request).getRequest();
    Optional<Problem> known = diagnosis.problem(exception);
    if (known.isPresent()) {
      return written(answer(known.get(), asked));
    }
    if (diagnosis.callerGone(exception)) {
      log.debug("{} {}: the caller left", asked.getMethod(), asked.getRequestURI(), exception);
      return ResponseEntity.badRequest().build();
    }
    ProblemDetail problem = ProblemBody.of(status, words(exception, body), fieldErrors(exception));
    problem.setInstance(instanceOf(asked));
    // The given headers may be read-only.
    HttpHeaders answered = new HttpHeaders();
    answered.putAll(headers);
    answered.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return super.handleExceptionInternal(exception, problem, answered, status, request);
  }

  private static ResponseEntity<Object> written(ResponseEntity<ProblemDetail> answer) {
    return new ResponseEntity<>(answer.getBody(), answer.getHeaders(), answer.getStatusCode());
  }

  private static String words(Exception exception, @Nullable Object body) {
    return switch (exception) {
      case MethodArgumentNotValidException _, HandlerMethodValidationException _ ->
          "The request is not valid";
      case HttpMessageNotReadableException _ -> "The request body cannot be read as JSON";
      case HttpMediaTypeNotSupportedException unsupported
          when !unsupported.getSupportedMediaTypes().isEmpty() ->
          "The body must be sent as " + MediaType.toString(unsupported.getSupportedMediaTypes());
      case MethodArgumentTypeMismatchException mismatch ->
          "'%s' is not a valid value".formatted(mismatch.getName());
      default ->
          body instanceof ProblemDetail detail && detail.getDetail() != null
              ? detail.getDetail()
              : "The request cannot be served";
    };
  }

  private static List<FieldError> fieldErrors(Exception exception) {
    return switch (exception) {
      case MethodArgumentNotValidException invalid ->
          invalid.getBindingResult().getFieldErrors().stream()
              .map(
                  each ->
                      new FieldError(snakeCase(each.getField()), message(each.getDefaultMessage())))
              .toList();
      case HandlerMethodValidationException invalid ->
          invalid.getParameterValidationResults().stream()
              .flatMap(
                  result ->
                      result instanceof ParameterErrors errors
                          ? errors.getFieldErrors().stream()
                              .map(
                                  each ->
                                      new FieldError(
                                          snakeCase(each.getField()),
                                          message(each.getDefaultMessage())))
                          : result.getResolvableErrors().stream()
                              .map(
                                  each ->
                                      new FieldError(
                                          snakeCase(
                                              String.valueOf(
                                                  result.getMethodParameter().getParameterName())),
                                          message(each.getDefaultMessage()))))
              .toList();
      default -> List.of();
    };
  }

  private static String message(@Nullable String message) {
    return message == null ? "is not valid" : message;
  }

  /** Fields are reported as the caller wrote them: JSON names are snake_case here. */
  private static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  private static String lastNode(jakarta.validation.Path path) {
    String text = path.toString();
    return snakeCase(text.substring(text.lastIndexOf('.') + 1));
  }

  /** What was asked for; a request on its way to the error page has another path by then. */
  static @Nullable URI instanceOf(HttpServletRequest request) {
    try {
      return new URI(
          request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String asked
              ? asked
              : request.getRequestURI());
    } catch (URISyntaxException malformed) {
      return null;
    }
  }

  private static ResponseEntity<ProblemDetail> answer(Problem problem, HttpServletRequest request) {
    return answer(
        problem.status(), problem.detail(), problem.errors(), problem.retryAfter(), request);
  }

  static ResponseEntity<ProblemDetail> answer(
      HttpStatus status,
      String detail,
      List<FieldError> errors,
      @Nullable Duration retryAfter,
      HttpServletRequest request) {
    ProblemDetail body = ProblemBody.of(status, detail, errors);
    body.setInstance(instanceOf(request));
    var answer = ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (retryAfter != null) {
      answer.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    return answer.body(body);
  }
}
