package io.mybella.memory.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a history, and what came before it in short.
 *
 * @param messages the oldest first
 * @param summary of the conversations that have ended; null when there is none, or it does not fit
 */
public record Recent(List<Message> messages, @Nullable String summary) {

  /** Copies the list. */
  public Recent {
    messages = List.copyOf(messages);
  }
}
