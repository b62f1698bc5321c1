package io.mybella.operator.doctor;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The examination of an installation, from the checks to the report. */
public final class Doctor {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<Check> checks;

  /**
   * A doctor for an installation.
   *
   * @param installation where it is
   * @param first checks that only its own machine allows, such as of ports; they are made first
   */
  public Doctor(Installation installation, List<Check> first) {
    List<Check> all = new ArrayList<>(first);
    all.add(new ServicesCheck(installation));
    all.add(new ClockCheck(installation, Clock.systemUTC()));
    all.add(new DisksCheck(installation));
    all.add(new DatabasesCheck(installation));
    all.add(new RolesCheck(installation));
    all.add(new BrokerCheck(installation));
    all.add(new DeadLettersCheck(installation));
    all.add(GaugesCheck.events(installation));
    all.add(GaugesCheck.erasures(installation));
    all.add(GaugesCheck.neighbours(installation));
    all.add(new GuestsCheck(installation));
    all.add(new ElevenLabsCheck(installation));
    all.add(new ModelCheck(installation));
    all.add(new ProxyCheck(installation, Web.client()));
    this.checks = List.copyOf(all);
  }

  private Doctor(List<Check> checks) {
    this.checks = checks;
  }

  /** The names of the checks, in their order. */
  public List<String> names() {
    return checks.stream().map(Check::name).toList();
  }

  /**
   * A doctor who makes some of the checks.
   *
   * @param names of the checks
   * @throws IllegalArgumentException when there is no check of a name; the message lists those that
   *     there are
   */
  public Doctor only(Collection<String> names) {
    List<String> known = names();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "There is no check \"%s\", but: %s".formatted(name, String.join(", ", known)));
      }
    }
    return new Doctor(checks.stream().filter(check -> names.contains(check.name())).toList());
  }

  /**
   * Looks at everything and reports.
   *
   * @param json whether the report is one object of JSON, for programs
   * @param out where the report goes
   * @param progress where the check that is under way is told, for people who wait
   * @return the exit status: 0 when nothing failed, else 1
   */
  public int examine(boolean json, PrintWriter out, PrintWriter progress)
      throws InterruptedException {
    List<Finding> findings =
        new Examination(checks)
            .run(
                name -> {
                  progress.printf("looking at %s …%n", name);
                  progress.flush();
                });
    boolean failed = findings.stream().anyMatch(each -> each.outcome() == Outcome.FAILED);
    if (json) {
      Map<String, Object> report = new TreeMap<>();
      report.put("status", failed ? "failed" : "ok");
      report.put("findings", findings);
      out.println(JSON.writeValueAsString(report));
      out.flush();
    } else {
      FindingsTable.print(findings, out);
    }
    return failed ? 1 : 0;
  }
}
