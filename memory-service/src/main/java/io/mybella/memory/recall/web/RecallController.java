package io.mybella.memory.recall.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mybella.chassis.security.Caller;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.web.MessageBody;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.recall.Recall;
import io.mybella.memory.recall.Recalled;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
class RecallController {

  private static final String CONTEXT = "context";
  private static final String REASONS = "reasons";

  /** What is said next to a message in the same conversation. */
  record Beside(@Nullable MessageBody before, @Nullable MessageBody after) {

    static Beside of(Recalled recalled) {
      return new Beside(body(recalled.before()), body(recalled.after()));
    }

    private static @Nullable MessageBody body(@Nullable Message message) {
      return message == null ? null : MessageBody.of(message);
    }
  }

  /** A message as it is shown; what was not asked for is left out. */
  record RecalledBody(
      @JsonUnwrapped MessageBody message,
      float score,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Float> reasons,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Beside context) {

    static RecalledBody of(Recalled recalled, Set<String> with) {
      return new RecalledBody(
          MessageBody.of(recalled.message()),
          recalled.score(),
          with.contains(REASONS) ? recalled.reasons() : null,
          with.contains(CONTEXT) ? Beside.of(recalled) : null);
    }
  }

  /** What was recalled, as it is shown. */
  record RecallBody(List<RecalledBody> messages) {}

  private final Recall recall;

  RecallController(Recall recall) {
    this.recall = recall;
  }

  @GetMapping("/api/personas/{id}/memory/recall")
  RecallBody recall(
      Caller caller,
      @PathVariable long id,
      @RequestParam @PlainText(max = TextLimits.QUERY) String q,
      @RequestParam(defaultValue = "15") @Min(1) @Max(50) int limit,
      @RequestParam(defaultValue = "")
          @Pattern(
              regexp = "((context|reasons)(,(context|reasons))?)?",
              message = "must be context, reasons or both, with a comma between them")
          String with) {
    Set<String> wanted = Set.copyOf(List.of(with.split(",", -1)));
    return new RecallBody(
        recall.recall(new PairId(caller.userId(), id), q, limit, wanted.contains(CONTEXT)).stream()
            .map(each -> RecalledBody.of(each, wanted))
            .toList());
  }
}
