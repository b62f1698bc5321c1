package io.mybella.gateway.door.security.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.mybella.chassis.http.CallerNetwork;
import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 429 to whoever asks for too much, and tells everybody how much is left (IETF
 * draft-ietf-httpapi-ratelimit-headers: {@code RateLimit} and {@code RateLimit-Policy}). Counts in
 * memory, each replica for itself: this keeps one replica from being overrun, and a statement per
 * request would cost more than it protects.
 */
final class RateLimitFilter extends OncePerRequestFilter {

  /** Bounds the memory of counting, roughly 100 bytes each. */
  private static final int MAX_COUNTED = 100_000;

  private final String policy;
  private final int quota;
  private final RateLimitProperties properties;
  private final Function<HttpServletRequest, @Nullable String> key;
  private final ProblemWriter problems;
  private final Cache<String, Bucket> buckets;

  private RateLimitFilter(
      String policy,
      int quota,
      RateLimitProperties properties,
      Function<HttpServletRequest, @Nullable String> key,
      ProblemWriter problems) {
    this.policy = policy;
    this.quota = quota;
    this.properties = properties;
    this.key = key;
    this.problems = problems;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_COUNTED)
            .expireAfterAccess(properties.window().multipliedBy(2))
            .build();
  }

  /** Counts by address; stands before anything that costs something. */
  static RateLimitFilter perAddress(RateLimitProperties properties, ProblemWriter problems) {
    return new RateLimitFilter(
        "address",
        properties.perAddress(),
        properties,
        request -> CallerNetwork.of(request.getRemoteAddr()),
        problems);
  }

  /** Counts by account; stands where the caller is known. */
  static RateLimitFilter perCaller(RateLimitProperties properties, ProblemWriter problems) {
    return new RateLimitFilter(
        "caller",
        properties.perCaller(),
        properties,
        _ ->
            SecurityContextHolder.getContext().getAuthentication()
                    instanceof CallerAuthentication caller
                ? caller.getName()
                : null,
        problems);
  }

  /** Two of this class stand in one chain; by default they would share one mark. */
  @Override
  protected String getAlreadyFilteredAttributeName() {
    return super.getAlreadyFilteredAttributeName() + '.' + policy;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return quota == 0 || properties.exempts(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String counted = key.apply(request);
    if (counted == null) {
      chain.doFilter(request, response);
      return;
    }
    ConsumptionProbe probe = buckets.get(counted, _ -> bucket()).tryConsumeAndReturnRemaining(1);
    tell(response, probe);
    if (probe.isConsumed()) {
      chain.doFilter(request, response);
      return;
    }
    long wait = Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1;
    response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait));
    problems.write(
        request,
        response,
        HttpStatus.TOO_MANY_REQUESTS,
        "Too many requests; try again in %d seconds".formatted(wait));
  }

  private void tell(HttpServletResponse response, ConsumptionProbe probe) {
    long reset = Duration.ofNanos(probe.getNanosToWaitForReset()).toSeconds() + 1;
    response.setHeader(
        "RateLimit-Policy",
        "\"%s\";q=%d;w=%d".formatted(policy, quota, properties.window().toSeconds()));
    response.setHeader(
        "RateLimit", "\"%s\";r=%d;t=%d".formatted(policy, probe.getRemainingTokens(), reset));
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(quota).refillGreedy(quota, properties.window()))
        .build();
  }
}
