package io.mybella.memory.history.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.security.Caller;
import io.mybella.memory.history.Appended;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.pair.PairId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/personas/{id}/messages")
class MessagesController {

  private final MessageHistory history;

  MessagesController(MessageHistory history) {
    this.history = history;
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

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forget(Caller caller, @PathVariable long id) {
    history.forget(new PairId(caller.userId(), id));
  }
}
