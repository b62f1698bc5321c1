package io.mybella.gateway.door.security.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.catalina.Globals;
import org.apache.catalina.util.NetMask;
import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * The proxies whose word counts. From them the address of the caller is the last one of {@code
 * X-Forwarded-For} that is not itself a trusted proxy, whatever the caller wrote before it; scheme,
 * host and port are those of {@code X-Forwarded-Proto}, {@code -Host} and {@code -Port}. From
 * anybody else none of these headers means anything.
 *
 * @param trusted addresses, such as {@code 10.0.0.7}, and networks, such as {@code 10.0.0.0/8}, of
 *     the proxies in front of this gateway, separated by commas; empty trusts none
 */
@ConfigurationProperties("mybella.gateway.proxy")
record TrustedProxies(@DefaultValue List<String> trusted) {

  private static final String NONE = "none";

  TrustedProxies {
    trusted =
        trusted.stream()
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .map(TrustedProxies::network)
            .toList();
  }

  /** Tomcat takes a list of which one has a slash for networks, any other for a pattern. */
  private static String network(String text) {
    String network = text.contains("/") ? text : text + (text.contains(":") ? "/128" : "/32");
    try {
      new NetMask(network);
    } catch (IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          "mybella.gateway.proxy.trusted: '%s' is neither an address nor a network".formatted(text),
          unreadable);
    }
    return network;
  }

  /**
   * Ends the start where a setting asks for the headers of whoever sends them: a gateway that
   * ignored it would take all people behind a proxy for one.
   */
  void refuseFormerSettings(Environment environment) {
    for (String former : List.of("MYBELLA_FORWARD_HEADERS", "server.forward-headers-strategy")) {
      String value = environment.getProperty(former, NONE);
      if (!value.isBlank() && !value.equalsIgnoreCase(NONE)) {
        throw new IllegalStateException(
            "%s=%s is not supported: name the proxies in MYBELLA_TRUSTED_PROXIES instead"
                .formatted(former, value));
      }
    }
  }

  /** Makes requests say what a trusted proxy says of them. */
  RemoteIpValve valve() {
    var valve = new RemoteIpValve();
    valve.setInternalProxies(String.join(",", trusted));
    valve.setHostHeader("X-Forwarded-Host");
    valve.setPortHeader("X-Forwarded-Port");
    return valve;
  }

  /** Whether a proxy brought the request in, a trusted one or another. */
  static boolean broughtIn(HttpServletRequest request) {
    return request.getAttribute(Globals.REQUEST_FORWARDED_ATTRIBUTE) != null
        || request.getHeader("X-Forwarded-For") != null
        || request.getHeader("Forwarded") != null;
  }
}
