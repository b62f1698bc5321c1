package io.mybella.gateway.route;

import org.apache.coyote.CloseNowException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Leaves an answer that broke off amid its body to the container, which ends the connection:
 * anything written after it would pass for its rest.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class BrokenAnswerAdvice {

  @ExceptionHandler
  void handle(CloseNowException broken) throws CloseNowException {
    throw broken;
  }
}
