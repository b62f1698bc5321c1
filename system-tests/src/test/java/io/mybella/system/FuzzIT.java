package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.TestPlatform;
import io.mybella.system.RawRequest.RawAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation of the contract with requests that are almost right: none is a fault of ours, and
 * none is answered with a status that the contract does not name.
 *
 * <p>The system property {@code fuzz.requests} says how many, {@code fuzz.seed} which.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class FuzzIT {

  private static final OpenApi CONTRACT = new OpenApi();
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 250);
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_124);
  private static final int TOLD = 40;

  @Test
  void everyOperationAnswersWithAStatusThatItsContractNames(TestPlatform platform) {
    Account caller = Account.register(platform, "Fuzz");
    Account other = Account.register(platform, "Fuzzed");
    long own = caller.persona("Own");
    List<String> things =
        List.of(
            "1",
            "" + own,
            "" + own,
            "" + other.persona("Foreign"),
            "999999999",
            UUID.randomUUID().toString(),
            "21m00Tcm4TlvDq8ikWAM");
    List<Map<String, String>> proofs =
        List.of(caller.key(), caller.key(), Account.visitor(), Account.bearer("mb_nonsense"));
    List<Operation> operations = List.copyOf(CONTRACT.operations());
    Fuzz fuzz = new Fuzz(SEED, things);
    Random random = new Random(SEED);
    Map<String, String> violations = new LinkedHashMap<>();
    Map<Integer, Integer> statuses = new TreeMap<>();

    for (int i = 0; i < REQUESTS; i++) {
      Operation operation = operations.get(i % operations.size());
      Map<String, String> proof =
          operation.path().startsWith("/api/auth/") && random.nextInt(2) == 0
              ? sessionFor(caller, operation)
              : proofs.get(random.nextInt(proofs.size()));
      RawRequest request =
          fuzz.request(operation, example(operation), CONTRACT.queryParameters(operation), proof);
      try {
        RawAnswer answer = request.send(platform.baseUrl());
        statuses.merge(answer.status(), 1, Integer::sum);
        complaint(operation, answer)
            .forEach(each -> violations.putIfAbsent(operation + ": " + each, request.toString()));
      } catch (IOException without) {
        violations.putIfAbsent(operation + ": " + without.getMessage(), request.toString());
      }
    }

    System.out.printf("%d requests of seed %d: %s%n", REQUESTS, SEED, statuses);
    assertThat(violations.entrySet().stream().limit(TOLD))
        .as("%d kinds of answers that the contract does not know", violations.size())
        .isEmpty();
  }

  /** What ends sessions gets none that others need. */
  private static Map<String, String> sessionFor(Account account, Operation operation) {
    return operation.path().equals("/api/auth/logout") ? Account.visitor() : account.session();
  }

  private static JsonNode example(Operation operation) {
    return CONTRACT.takesBody(operation)
        ? CONTRACT.exampleBody(operation).orElse(JsonMapper.shared().createObjectNode())
        : null;
  }

  private static List<String> complaint(Operation operation, RawAnswer answer) {
    List<String> complaints = new ArrayList<>();
    int status = answer.status();
    if (status == 500 || !CONTRACT.statuses(operation).contains(Integer.toString(status))) {
      complaints.add(status + " " + firstOf(answer.body()));
    } else if (status >= 400 && !answer.header("content-type").equals("application/problem+json")) {
      complaints.add(status + " as " + answer.header("content-type"));
    }
    return complaints;
  }

  /** What is wrong, without what differs from request to request. */
  private static String firstOf(String body) {
    int error = body.indexOf("\"detail\":\"");
    return error < 0 ? "" : body.substring(error + 10, body.indexOf('"', error + 10));
  }
}
