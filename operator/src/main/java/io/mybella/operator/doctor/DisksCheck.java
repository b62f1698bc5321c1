package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Whether there is space left where the services keep files. */
final class DisksCheck implements Check {

  private final Installation installation;

  DisksCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "disks";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try (HttpClient client = Web.client().build()) {
      for (Part part : Part.values()) {
        findings.add(look(client, part));
      }
    }
    return findings;
  }

  private Finding look(HttpClient client, Part part) throws InterruptedException {
    try {
      ToDoubleFunction<Metrics.Sample> value = Metrics.Sample::value;
      double free =
          Metrics.of(client, installation, part).named("disk_free_bytes").stream()
              .mapToDouble(value)
              .min()
              .orElse(Double.NaN);
      return FreeSpace.judge(about(part.module()), free);
    } catch (IOException e) {
      return about(part.module()).skipped(Reasons.of(e));
    }
  }
}
