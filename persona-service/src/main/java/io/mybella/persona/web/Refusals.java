package io.mybella.persona.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.persona.account.AccountException;
import io.mybella.persona.avatar.PictureException;
import io.mybella.persona.catalog.PersonaException;
import io.mybella.persona.erasure.ErasureNotFoundException;
import io.mybella.persona.refusal.RefusalException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says in the words of HTTP why a room does not do what it was asked to. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Refusals {

  private final ProblemWriter problems;

  Refusals(ProblemWriter problems) {
    this.problems = problems;
  }

  @ExceptionHandler
  void answer(RefusalException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    problems.write(request, response, problem(refusal));
  }

  private static Problem problem(RefusalException refusal) {
    return switch (refusal) {
      case PersonaException persona -> problem(persona);
      case PictureException picture -> problem(picture);
      case AccountException account -> problem(account);
      case ErasureNotFoundException erasure -> Problem.notFound(erasure.detail());
      default -> throw refusal;
    };
  }

  private static Problem problem(PersonaException refusal) {
    String detail = refusal.detail();
    return switch (refusal) {
      case PersonaException.NotFound _ -> Problem.notFound(detail);
      case PersonaException.NotOwned _ -> Problem.forbidden(detail);
      case PersonaException.Changed _ -> Problem.preconditionFailed(detail);
      case PersonaException.Conflict _ -> Problem.conflict(detail);
      case PersonaException.InvalidProfile invalid -> {
        Problem problem = Problem.badRequest(detail);
        invalid
            .complaints()
            .forEach((field, complaint) -> problem.withError(field.wireName(), complaint));
        yield problem;
      }
    };
  }

  private static Problem problem(PictureException refusal) {
    String detail = refusal.detail();
    return switch (refusal) {
      case PictureException.Refused _ -> Problem.badRequest(detail).withError("avatar", detail);
      case PictureException.TooLarge _ -> Problem.tooLarge(detail).withError("avatar", "too large");
      case PictureException.NotNow later -> Problem.unavailable(detail, later.again());
    };
  }

  private static Problem problem(AccountException refusal) {
    String detail = refusal.detail();
    return switch (refusal) {
      case AccountException.Gone _ -> Problem.unauthorized(detail);
      case AccountException.BeingDeleted _ -> Problem.conflict(detail);
    };
  }
}
