package io.mybella.memory.search.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.history.web.Cursor;
import io.mybella.memory.history.web.MessageBody;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.search.FoundPage;
import io.mybella.memory.search.FoundPage.Found;
import io.mybella.memory.search.FoundPage.Place;
import io.mybella.memory.search.MessageSearch;
import io.mybella.memory.search.Order;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("!embedder")
class SearchController {

  /** A message that was found, as it is shown. */
  record FoundBody(@JsonUnwrapped MessageBody message, float score, String highlight) {

    static FoundBody of(Found found) {
      return new FoundBody(MessageBody.of(found.message()), found.score(), found.highlight());
    }
  }

  /** A page as it is shown. */
  record PageBody(List<FoundBody> messages, @Nullable String nextCursor) {}

  private final MessageSearch search;

  SearchController(MessageSearch search) {
    this.search = search;
  }

  @GetMapping("/api/personas/{id}/memory/search")
  PageBody page(
      Caller caller,
      @PathVariable long id,
      @RequestParam @PlainText(max = TextLimits.SEARCH) String q,
      @RequestParam(defaultValue = "newest")
          @Pattern(regexp = "newest|best", message = "must be newest or best")
          String order,
      @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
      @RequestParam(required = false) @Nullable String cursor) {
    PairId pair = new PairId(caller.userId(), id);
    int asked = (order + ' ' + q).hashCode();
    FoundPage page =
        search.page(
            pair,
            q,
            Order.valueOf(order.toUpperCase(Locale.ROOT)),
            limit,
            cursor == null ? null : place(pair, asked, cursor));
    return new PageBody(
        page.found().stream().map(FoundBody::of).toList(),
        page.next() == null ? null : write(pair, asked, page.next()));
  }

  private static String write(PairId pair, int asked, Place place) {
    return Cursor.write(
        pair,
        asked,
        Float.floatToIntBits(place.score()),
        place.id().getMostSignificantBits(),
        place.id().getLeastSignificantBits());
  }

  /** A place in another search would mean nothing in this one. */
  private static Place place(PairId pair, int asked, String cursor) {
    long[] place = Cursor.read(pair, "cursor", cursor, 4);
    if (place[0] != asked) {
      throw Problem.badRequest("cursor is not a cursor of this search")
          .withError("cursor", "must be the next_cursor of a page of the same search");
    }
    return new Place(Float.intBitsToFloat((int) place[1]), new UUID(place[2], place[3]));
  }
}
