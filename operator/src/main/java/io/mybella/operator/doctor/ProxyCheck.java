package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the gateway believes the proxy in front of it and nobody else. It shows in the cookie
 * that every page sets: over https it is {@code Secure}.
 */
final class ProxyCheck implements Check {

  private static final String PAGE = "/login";

  private final Installation installation;
  private final HttpClient.Builder clients;

  /**
   * A check of this installation.
   *
   * @param clients makes the client that calls, which decides what certificates are believed
   */
  ProxyCheck(Installation installation, HttpClient.Builder clients) {
    this.installation = installation;
    this.clients = clients;
  }

  @Override
  public String name() {
    return "proxy";
  }

  @Override
  public List<Finding> look() throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try (HttpClient client = clients.build()) {
      findings.add(believesUs(client));
      Optional<URI> address = installation.publicAddress();
      if (address.isEmpty()) {
        findings.add(
            about("public address").skipped("MYBELLA_PUBLIC_URL does not say what people open"));
      } else {
        findings.add(seesHttps(client, address.get()));
        findings.add(hidesTheInside(client, address.get()));
      }
    }
    return findings;
  }

  /** This program is no proxy: who believes it believes everybody on its machine or network. */
  private Finding believesUs(HttpClient client) throws IOException, InterruptedException {
    Finding.About about = about("forwarding headers");
    HttpResponse<String> answer =
        Web.get(
            client,
            installation.api(Part.GATEWAY).resolve(PAGE),
            Map.of("X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.7"));
    return isSecure(answer)
        ? about.warning(
            "the gateway believes them from this machine, which is no proxy of it",
            "Name only the proxy's own address in MYBELLA_TRUSTED_PROXIES, or make sure that nobody"
                + " but it reaches the gateway.")
        : about.ok("are believed from nobody else");
  }

  private Finding seesHttps(HttpClient client, URI address) throws InterruptedException {
    Finding.About about = about("public address");
    if (!"https".equals(address.getScheme())) {
      return about.warning(
          "people open %s without TLS".formatted(address),
          "Passwords and what is said can be read on the way: put a TLS proxy in front, see"
              + " docs/operations.md, Docker Compose.");
    }
    try {
      HttpResponse<String> answer = Web.get(client, address.resolve(PAGE), Map.of());
      if (answer.statusCode() != 200) {
        return about.failed(
            "%s answers %d".formatted(address, answer.statusCode()),
            "Does the proxy lead to the gateway?");
      }
      return isSecure(answer)
          ? about.ok("the gateway knows that people come over https")
          : about.failed(
              "the gateway does not know that people come over https",
              "Name the proxy in MYBELLA_TRUSTED_PROXIES, and let it set X-Forwarded-For and"
                  + " X-Forwarded-Proto.");
    } catch (IOException e) {
      return about.failed(
          "%s: %s".formatted(address, Reasons.of(e)),
          "Is the proxy up, and its certificate valid?");
    }
  }

  private Finding hidesTheInside(HttpClient client, URI address) throws InterruptedException {
    Finding.About about = about("inside");
    try {
      for (String path : List.of("/actuator/health", "/internal/import/accounts")) {
        int status = Web.get(client, address.resolve(path), Map.of()).statusCode();
        if (status < 400) {
          return about.failed(
              "%s answers %d to everybody".formatted(path, status),
              "The proxy leads to a management port: let it lead to the gateway's own port only.");
        }
      }
      return about.ok("health, metrics and imports cannot be reached from outside");
    } catch (IOException e) {
      return about.skipped(Reasons.of(e));
    }
  }

  private static boolean isSecure(HttpResponse<String> answer) {
    return answer.headers().allValues("Set-Cookie").stream()
        .anyMatch(cookie -> cookie.toLowerCase(Locale.ROOT).contains("; secure"));
  }
}
