package io.mybella.chassis.http;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Serves so many requests of one caller at a time, and answers more with 429. To stand after
 * whatever tells who is calling and before whatever reads the body.
 */
public final class CallerSlotFilter extends OncePerRequestFilter {

  private static final Duration SOON = Duration.ofSeconds(1);

  private final CallerSlots slots;
  private final Function<HttpServletRequest, @Nullable String> caller;
  private final ProblemWriter problems;

  /**
   * A filter.
   *
   * @param slots of the callers
   * @param caller who is calling; null for requests that are not limited
   * @param problems writes the refusals
   */
  public CallerSlotFilter(
      CallerSlots slots,
      Function<HttpServletRequest, @Nullable String> caller,
      ProblemWriter problems) {
    this.slots = slots;
    this.caller = caller;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String name = caller.apply(request);
    if (name == null) {
      chain.doFilter(request, response);
      return;
    }
    Optional<CallerSlots.Slot> slot = slots.take(name);
    if (slot.isEmpty()) {
      problems.write(
          request,
          response,
          Problem.tooManyRequests(
              "Too many requests at the same time; wait for some to end", SOON));
      return;
    }
    try (var _ = slot.get()) {
      chain.doFilter(request, response);
    }
  }
}
