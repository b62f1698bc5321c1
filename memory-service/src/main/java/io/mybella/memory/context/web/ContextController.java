package io.mybella.memory.context.web;

import io.mybella.chassis.security.Caller;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.context.ContextComposer;
import io.mybella.memory.context.MemoryContext;
import io.mybella.memory.history.web.MessageBody;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.pair.PairId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
@RequestMapping("/api/personas/{id}/memory/context")
class ContextController {

  /** A context as it is shown. */
  record ContextBody(
      List<MessageBody> messages,
      @Nullable String summary,
      List<MemoryContext.Preference> preferences,
      List<MessageBody> recalled) {

    static ContextBody of(MemoryContext context) {
      return new ContextBody(
          context.messages().stream().map(MessageBody::of).toList(),
          context.summary(),
          context.preferences(),
          context.recalled().stream().map(MessageBody::of).toList());
    }
  }

  private final ContextComposer composer;

  ContextController(ContextComposer composer) {
    this.composer = composer;
  }

  @GetMapping
  ContextBody context(
      Caller caller,
      @PathVariable long id,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @RequestParam(name = "max_tokens", required = false) @Min(1) @Max(1_000_000)
          @Nullable Integer maxTokens,
      @RequestParam(required = false) @PlainText(min = 0, max = TextLimits.QUERY)
          @Nullable String query) {
    return ContextBody.of(
        composer.compose(new PairId(caller.userId(), id), limit, maxTokens, query));
  }
}
