package io.mybella.memory.history.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.security.Caller;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.history.Appended;
import io.mybella.memory.history.MessageBatches;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.StoredBatch;
import io.mybella.memory.pair.PairId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
@RequestMapping("/api/personas/{id}/messages")
class MessagesController {

  /** The text that a message is to have from now on. */
  record NewText(@NotNull @PlainText(max = TextLimits.MESSAGE) String content) {}

  private final MessageHistory history;
  private final MessageBatches batches;

  MessagesController(MessageHistory history, MessageBatches batches) {
    this.history = history;
    this.batches = batches;
  }

  @GetMapping
  MessagePageBody page(
      Caller caller,
      @PathVariable long id,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      Place place) {
    PairId pair = new PairId(caller.userId(), id);
    return MessagePageBody.of(pair, place.of(history, pair, limit));
  }

  @BodyLimit(kilobytes = 512)
  @PostMapping
  ResponseEntity<MessageBody> append(
      Caller caller,
      @PathVariable long id,
      @RequestHeader(name = "Idempotency-Key", required = false) @PlainText(max = 200)
          @Nullable String idempotencyKey,
      @Valid @RequestBody NewMessageBody message) {
    PairId pair = new PairId(caller.userId(), id);
    Appended appended = history.append(pair, message.toMessage(idempotencyKey));
    return ResponseEntity.status(appended.repeated() ? HttpStatus.OK : HttpStatus.CREATED)
        .body(MessageBody.of(appended.message()));
  }

  @BodyLimit(kilobytes = 2_048)
  @PostMapping("/batch")
  ResponseEntity<BatchBody> appendAll(
      Caller caller,
      @PathVariable long id,
      @RequestHeader(name = "Idempotency-Key", required = false) @PlainText(max = 200)
          @Nullable String idempotencyKey,
      @Valid @RequestBody NewBatchBody batch) {
    StoredBatch stored =
        batches.append(new PairId(caller.userId(), id), batch.toBatch(idempotencyKey));
    return ResponseEntity.status(stored.stored() == 0 ? HttpStatus.OK : HttpStatus.CREATED)
        .body(BatchBody.of(stored));
  }

  @BodyLimit(kilobytes = 512)
  @PatchMapping(path = "/{messageId}", consumes = MediaType.APPLICATION_JSON_VALUE)
  MessageBody edit(
      Caller caller,
      @PathVariable long id,
      @PathVariable UUID messageId,
      @Valid @RequestBody NewText text) {
    return MessageBody.of(history.edit(new PairId(caller.userId(), id), messageId, text.content()));
  }

  @DeleteMapping("/{messageId}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable long id, @PathVariable UUID messageId) {
    history.remove(new PairId(caller.userId(), id), messageId);
  }

  @DeleteMapping(params = "from")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void removeFrom(Caller caller, @PathVariable long id, @RequestParam UUID from) {
    history.removeFrom(new PairId(caller.userId(), id), from);
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forget(Caller caller, @PathVariable long id) {
    history.forget(new PairId(caller.userId(), id));
  }
}
