package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
    return Web.aboutEachService(this::look);
  }

  private Finding look(HttpClient client, Part part) throws InterruptedException {
    try {
      return FreeSpace.judge(
          about(part.module()), leastFree(Metrics.of(client, installation, part)));
    } catch (IOException e) {
      return about(part.module()).skipped(Reasons.of(e));
    }
  }

  /** A folder that is not made yet has no space at all, and is on no disk. */
  private static double leastFree(Metrics metrics) {
    Set<String> none =
        metrics.named("disk_total_bytes").stream()
            .filter(total -> total.value() == 0)
            .map(Metrics.Sample::labels)
            .collect(Collectors.toSet());
    return metrics.named("disk_free_bytes").stream()
        .filter(free -> !none.contains(free.labels()))
        .mapToDouble(Metrics.Sample::value)
        .min()
        .orElse(Double.NaN);
  }
}
