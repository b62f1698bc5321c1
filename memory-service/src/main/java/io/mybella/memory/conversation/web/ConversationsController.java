package io.mybella.memory.conversation.web;

import io.mybella.chassis.security.Caller;
import io.mybella.memory.conversation.ConversationList;
import io.mybella.memory.conversation.ConversationPage;
import io.mybella.memory.conversation.ConversationPage.Place;
import io.mybella.memory.history.web.Cursor;
import io.mybella.memory.pair.PairId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
@RequestMapping("/api/personas/{id}/memory/conversations")
class ConversationsController {

  /** A page of the list as it is shown. */
  record PageBody(List<ConversationBody> conversations, @Nullable String nextBefore) {

    static PageBody of(PairId pair, ConversationPage page) {
      return new PageBody(
          page.conversations().stream().map(each -> ConversationBody.of(pair, each)).toList(),
          cursor(pair, page.nextBefore()));
    }
  }

  private final ConversationList conversations;

  ConversationsController(ConversationList conversations) {
    this.conversations = conversations;
  }

  @GetMapping
  PageBody page(
      Caller caller,
      @PathVariable long id,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @RequestParam(required = false) @Nullable String before) {
    PairId pair = new PairId(caller.userId(), id);
    return PageBody.of(pair, conversations.page(pair, limit, place(pair, before)));
  }

  @GetMapping("/{conversationId}")
  ConversationBody one(Caller caller, @PathVariable long id, @PathVariable UUID conversationId) {
    PairId pair = new PairId(caller.userId(), id);
    return ConversationBody.of(pair, conversations.one(pair, conversationId));
  }

  /** The database keeps microseconds. */
  private static @Nullable String cursor(PairId pair, @Nullable Place place) {
    return place == null
        ? null
        : Cursor.write(
            pair,
            ChronoUnit.MICROS.between(Instant.EPOCH, place.startedAt()),
            place.id().getMostSignificantBits(),
            place.id().getLeastSignificantBits());
  }

  private static @Nullable Place place(PairId pair, @Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    long[] place = Cursor.read(pair, "before", cursor, 3);
    // Whoever makes cursors up gets an empty page for times that the database does not have.
    return new Place(
        Instant.EPOCH.plus(Math.max(0, place[0]), ChronoUnit.MICROS), new UUID(place[1], place[2]));
  }
}
