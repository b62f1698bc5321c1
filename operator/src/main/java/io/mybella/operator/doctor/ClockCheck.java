package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the clocks agree. Tokens are good for minutes, ids and leases are made of times: with
 * clocks apart, sign-ins fail and work is taken away from those who do it.
 */
final class ClockCheck implements Check {

  /** HTTP tells whole seconds, and an answer takes its time. */
  private static final Duration UNREMARKABLE = Duration.ofSeconds(2);

  /** What services allow for when they look at a token is a minute. */
  private static final Duration HARMFUL = Duration.ofSeconds(30);

  private static final String ADVICE =
      "Let all machines set their clocks by the same source (NTP): `timedatectl status`, `chronyc"
          + " tracking`.";

  private final Installation installation;
  private final Clock clock;

  ClockCheck(Installation installation, Clock clock) {
    this.installation = installation;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "clocks";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    List<Finding> findings = Web.aboutEachService(this::service);
    for (Part part : Installation.withDatabase()) {
      findings.add(database(part));
    }
    return findings;
  }

  private Finding service(HttpClient client, Part part) throws InterruptedException {
    Finding.About about = about(part.module());
    try {
      Instant before = clock.instant();
      HttpResponse<String> answer =
          Web.get(
              client, installation.management(part).resolve("/actuator/health/liveness"), Map.of());
      Optional<Instant> told =
          answer
              .headers()
              .firstValue("Date")
              .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
      return told.map(time -> compare(about, before, time))
          .orElseGet(() -> about.skipped("it does not say what time it has"));
    } catch (IOException e) {
      return about.skipped(Reasons.of(e));
    }
  }

  private Finding database(Part part) {
    Finding.About about = about("database " + part.database());
    try (Connection connection = Databases.connect(installation.login(part));
        Statement statement = connection.createStatement()) {
      Instant before = clock.instant();
      try (ResultSet row = statement.executeQuery("select clock_timestamp()")) {
        row.next();
        return compare(about, before, row.getObject(1, OffsetDateTime.class).toInstant());
      }
    } catch (SQLException e) {
      return about.skipped(Reasons.of(e));
    }
  }

  private Finding compare(Finding.About about, Instant before, Instant told) {
    Instant after = clock.instant();
    Duration apart =
        told.isBefore(before)
            ? Duration.between(told, before)
            : told.isAfter(after) ? Duration.between(after, told) : Duration.ZERO;
    String result = "%.1f s apart from here".formatted(apart.toMillis() / 1000.0);
    if (apart.compareTo(HARMFUL) > 0) {
      return about.failed(result, ADVICE);
    }
    return apart.compareTo(UNREMARKABLE) > 0 ? about.warning(result, ADVICE) : about.ok("agrees");
  }
}
