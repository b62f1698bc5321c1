package io.mybella.chassis.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what the container refused before any controller saw it, in the same shape. */
@Controller
class FallbackErrorController implements ErrorController {

  @RequestMapping("/error")
  ResponseEntity<ProblemDetail> error(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    if (status == null) {
      status = HttpStatus.NOT_FOUND;
    }
    String detail =
        status.is5xxServerError()
            ? "Something went wrong on our side; quote the request_id to support"
            : status.getReasonPhrase();
    return ProblemExceptionHandler.answer(status, detail, List.of(), null, request);
  }
}
