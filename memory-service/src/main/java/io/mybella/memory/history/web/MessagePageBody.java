package io.mybella.memory.history.web;

import io.mybella.memory.history.MessagePage;
import io.mybella.memory.pair.PairId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of the history as it is shown. */
record MessagePageBody(List<MessageBody> messages, @Nullable String nextBefore) {

  static MessagePageBody of(PairId pair, MessagePage page) {
    return new MessagePageBody(
        page.messages().stream().map(MessageBody::of).toList(),
        page.nextBefore() == null ? null : Cursor.write(pair, page.nextBefore()));
  }
}
