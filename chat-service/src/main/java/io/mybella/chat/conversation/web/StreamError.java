package io.mybella.chat.conversation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.request.RequestId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The data of the event {@code error}: the same members as a problem response, for what happens
 * when the status has been sent already.
 *
 * @param type URI of the kind of problem
 * @param title the kind in words
 * @param status the HTTP status it would have had
 * @param detail the message for the caller
 * @param error the same
 * @param requestId to quote to support
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamError(
    String type,
    String title,
    int status,
    String detail,
    String error,
    @Nullable String requestId) {

  static StreamError of(Problem problem) {
    return of(problem.status(), problem.detail());
  }

  static StreamError of(HttpStatus status, String detail) {
    String title = status.getReasonPhrase();
    return new StreamError(
        "urn:mybella:problem:" + title.toLowerCase(Locale.ROOT).replace(' ', '-'),
        title,
        status.value(),
        detail,
        detail,
        RequestId.current().orElse(null));
  }
}
