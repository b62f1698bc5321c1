package io.mybella.memory.history.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.MessagePage;
import io.mybella.memory.pair.PairId;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/**
 * Where a page is to be; without any of these it is the newest one.
 *
 * @param before a cursor
 * @param after a cursor; empty for the beginning of the history
 * @param around the id of a message
 * @param inReplyTo the id of a message whose reply is wanted, and nothing else
 */
record Place(
    @Nullable String before,
    @Nullable String after,
    @Nullable UUID around,
    @BindParam("in_reply_to") @Nullable UUID inReplyTo) {

  /**
   * The page there.
   *
   * @throws Problem 400 when this is more than one place, or no cursor of this history
   */
  MessagePage of(MessageHistory history, PairId pair, int limit) {
    if (Stream.of(before, after, around, inReplyTo).filter(Objects::nonNull).count() > 1) {
      throw Problem.badRequest(
          "Only one of before, after, around and in_reply_to can be asked for at a time");
    }
    if (after != null) {
      UUID start = after.isEmpty() ? null : Cursor.read(pair, "after", after);
      return history.pageAfter(pair, limit, start);
    }
    if (around != null) {
      return history.pageAround(pair, limit, around);
    }
    if (inReplyTo != null) {
      return history.replyTo(pair, inReplyTo);
    }
    return history.page(pair, limit, before == null ? null : Cursor.read(pair, "before", before));
  }
}
