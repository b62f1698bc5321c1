package io.mybella.memory.history.web;

import io.mybella.memory.history.MessagePage;
import io.mybella.memory.pair.PairId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A page of the history as it is shown. */
record MessagePageBody(
    List<MessageBody> messages, @Nullable String nextBefore, @Nullable String nextAfter) {

  static MessagePageBody of(PairId pair, MessagePage page) {
    return new MessagePageBody(
        page.messages().stream().map(MessageBody::of).toList(),
        cursor(pair, page.nextBefore()),
        cursor(pair, page.nextAfter()));
  }

  private static @Nullable String cursor(PairId pair, @Nullable UUID id) {
    return id == null ? null : Cursor.write(pair, id);
  }
}
