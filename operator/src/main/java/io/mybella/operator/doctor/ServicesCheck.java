package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Whether each service is up, and ready for requests. */
final class ServicesCheck implements Check {

  private final Installation installation;

  ServicesCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "services";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    return Web.aboutEachService(this::look);
  }

  private Finding look(HttpClient client, Part part) throws InterruptedException {
    Finding.About about = about(part.module());
    try {
      HttpResponse<String> ready =
          Web.get(
              client,
              installation.management(part).resolve("/actuator/health/readiness"),
              Map.of());
      if (ready.statusCode() != 200) {
        return about.failed(
            "runs, but is not ready (%d)".formatted(ready.statusCode()),
            "Its database is away, or it still starts: look at its log, and at the check of"
                + " databases.");
      }
      // Any answer will do: without a token it is a refusal.
      Web.get(client, installation.api(part), Map.of());
      return about.ok("ready");
    } catch (IOException e) {
      return about.failed(
          Reasons.of(e),
          "Start it (`./mybella up`, `docker compose up -d`), or look at its log. See"
              + " docs/operations.md, MyBellaServiceDown.");
    }
  }
}
