package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the services themselves measure: events and erasures that are late, disks that fill up. */
final class GaugesCheck implements Check {

  private final String name;
  private final Installation installation;
  private final List<Gauge> gauges;

  private GaugesCheck(String name, Installation installation, Gauge... gauges) {
    this.name = name;
    this.installation = installation;
    this.gauges = List.of(gauges);
  }

  /** Events that wait to be sent or handled. */
  static GaugesCheck events(Installation installation) {
    String name = "events";
    return new GaugesCheck(
        name,
        installation,
        new Gauge(
            name,
            "mybella_outbox_oldest_age_seconds",
            60,
            Outcome.FAILED,
            "committed events have waited for %.0f s to be sent",
            "The broker is away or refuses them: docs/operations.md, MyBellaOutboxDelayed."),
        new Gauge(
            name,
            "mybella_outbox_blocked",
            0,
            Outcome.FAILED,
            "%.0f events are refused for good, and all later ones of their keys wait",
            "docs/operations.md, Blocked events."),
        new Gauge(
            name,
            "mybella_events_stalled_age_seconds",
            60,
            Outcome.FAILED,
            "an event has waited for %.0f s for something that is away",
            "docs/operations.md, MyBellaEventsStalled."));
  }

  /** Erasures and other work in the background that is late. */
  static GaugesCheck erasures(Installation installation) {
    String name = "erasures";
    return new GaugesCheck(
        name,
        installation,
        new Gauge(
            name,
            "mybella_persona_erasures_overdue",
            0,
            Outcome.FAILED,
            "%.0f erasures of personas are overdue",
            "docs/operations.md, Overdue erasures."),
        new Gauge(
            name,
            "mybella_gateway_erasures_overdue",
            0,
            Outcome.FAILED,
            "%.0f erasures of accounts are overdue",
            "docs/operations.md, Overdue erasures."),
        new Gauge(
            name,
            "mybella_voice_clones_unfinished",
            0,
            Outcome.WARNING,
            "%.0f clones are yet to be deleted at ElevenLabs",
            "Right after an erasure this is as it should be; later: docs/operations.md, Clones at"
                + " ElevenLabs."),
        new Gauge(
            name,
            "mybella_memory_work_oldest_age_seconds",
            600,
            Outcome.WARNING,
            "work in the background is late by %.0f s",
            "docs/operations.md, Work in the background of memory-service."));
  }

  /** Neighbours that a service has given up on for the moment. */
  static GaugesCheck neighbours(Installation installation) {
    String name = "neighbours";
    return new GaugesCheck(
        name,
        installation,
        new Gauge(
            name,
            "resilience4j_circuitbreaker_state",
            "state",
            "open",
            0,
            Outcome.WARNING,
            "a circuit breaker is open: something it asks failed several times",
            "docs/operations.md, MyBellaNeighbourAway and MyBellaModelAway."));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Map<Part, Metrics> measured = new EnumMap<>(Part.class);
    try (HttpClient client = Web.client().build()) {
      for (Part part : Part.values()) {
        try {
          measured.put(part, Metrics.of(client, installation, part));
        } catch (IOException e) {
          findings.add(about(part.module()).skipped(Reasons.of(e)));
        }
      }
    }
    if (measured.isEmpty()) {
      return List.of(about("").skipped("no service tells what it measures"));
    }
    for (Gauge gauge : gauges) {
      findings.addAll(judge(gauge, measured));
    }
    return findings.isEmpty() ? List.of(about("").ok("as it should be")) : findings;
  }

  private List<Finding> judge(Gauge gauge, Map<Part, Metrics> measured) {
    // One that nobody tells may have another name now: that is no health.
    if (measured.values().stream().allMatch(metrics -> metrics.named(gauge.metric()).isEmpty())) {
      return List.of(about("").skipped("no service tells " + gauge.metric()));
    }
    return measured.entrySet().stream()
        .flatMap(each -> gauge.judge(each.getKey(), each.getValue()).stream())
        .toList();
  }
}
