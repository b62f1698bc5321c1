package io.mybella.operator.doctor;

import io.mybella.operator.doctor.Installation.Endpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether the language model's endpoint answers, takes the key and has the model. It is asked for
 * its list, which costs nothing.
 */
final class ModelCheck implements Check {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Installation installation;

  ModelCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "language model";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    Optional<Endpoint> model = installation.model();
    if (model.isEmpty()) {
      return List.of(about("").skipped("none is set: the offline engine replies"));
    }
    try (HttpClient client = Web.client().build()) {
      Endpoint endpoint = model.get();
      HttpResponse<String> answer =
          Web.get(
              client,
              endpoint.at("/models"),
              endpoint.key().isEmpty()
                  ? Map.of()
                  : Map.of("Authorization", "Bearer " + endpoint.key()));
      return List.of(judge(answer));
    } catch (IOException e) {
      return List.of(
          about("")
              .failed(
                  Reasons.of(e),
                  "Is MYBELLA_MODEL_BASE_URL right, and can it be reached from here? Meanwhile the"
                      + " offline engine replies."));
    }
  }

  private Finding judge(HttpResponse<String> answer) {
    Finding.About about = about(installation.modelName());
    return switch (answer.statusCode()) {
      case 200 -> judge(about, answer.body());
      case 401, 403 ->
          about.failed(
              "the key is refused (%d)".formatted(answer.statusCode()),
              "Set MYBELLA_MODEL_API_KEY, and start chat-service and memory-service again.");
      case 404, 405 -> about.skipped("the endpoint has no list of its models");
      default ->
          about.failed(
              "the endpoint answers " + answer.statusCode(),
              "Is MYBELLA_MODEL_BASE_URL right? docs/operations.md, MyBellaModelAway.");
    };
  }

  private Finding judge(Finding.About about, String body) {
    List<String> models = new ArrayList<>();
    try {
      JSON.readTree(body).path("data").forEach(each -> models.add(each.path("id").asString("")));
    } catch (JacksonException e) {
      return about.warning(
          "the list of models is no JSON",
          "Is MYBELLA_MODEL_BASE_URL the address that ends in /v1?");
    }
    return models.isEmpty() || models.contains(installation.modelName())
        ? about.ok("the endpoint answers")
        : about.failed(
            "the endpoint has no such model",
            "Set MYBELLA_MODEL_NAME to one that it has, such as " + models.getFirst() + ".");
  }
}
