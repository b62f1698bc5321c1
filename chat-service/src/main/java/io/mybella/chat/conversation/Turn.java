package io.mybella.chat.conversation;

import io.mybella.chat.memory.Message;
import io.mybella.chat.reply.Reply.Engine;
import io.mybella.model.ModelFailure;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn that was taken and is remembered.
 *
 * @param said what the caller said
 * @param reply what the persona replied
 * @param engine what kind of engine produced the reply
 * @param model name of the model or of the offline engine
 * @param fallbackReason why the offline engine replied although there is a model; else {@code null}
 * @param recalled ids of the older messages that the reply was made with; empty, too, where the
 *     reply was remembered before
 */
public record Turn(
    Message said,
    Message reply,
    Engine engine,
    String model,
    ModelFailure.@Nullable Reason fallbackReason,
    List<UUID> recalled) {

  /** Copies the list. */
  public Turn {
    recalled = List.copyOf(recalled);
  }
}
