package io.mybella.gateway.door.security.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much one caller may ask for, and one address. Counted in memory, so each replica counts for
 * itself.
 *
 * @param perCaller requests of one account within the window; 0 is without limit
 * @param perAddress requests from one address within the window, whoever makes them; 0 is without
 *     limit
 * @param concurrentPerAddress requests from one address that are served at the same time, whoever
 *     makes them; 0 is without limit
 * @param window the time in which requests are counted
 * @param exemptLoopback whether requests from this machine itself are not counted, as on a
 *     developer's machine; what a proxy on this machine brings in always is
 */
@Validated
@ConfigurationProperties("mybella.gateway.limit")
record RateLimitProperties(
    @Min(0) @DefaultValue("1200") int perCaller,
    @Min(0) @DefaultValue("12000") int perAddress,
    @Min(0) @DefaultValue("256") int concurrentPerAddress,
    @DefaultValue("1m") Duration window,
    @DefaultValue("true") boolean exemptLoopback) {

  /** Whether a request comes from this machine itself, and those are not counted. */
  boolean exempts(HttpServletRequest request) {
    return exemptLoopback
        && !TrustedProxies.broughtIn(request)
        && isLoopback(request.getRemoteAddr());
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
  }
}
