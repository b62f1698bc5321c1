package io.mybella.chat.conversation;

import io.mybella.chat.memory.Message;
import io.mybella.chat.reply.Reply.Engine;
import io.mybella.model.ModelFailure;
import org.jspecify.annotations.Nullable;

/**
 * A turn that was taken and is remembered.
 *
 * @param said what the caller said
 * @param reply what the persona replied
 * @param engine what kind of engine produced the reply
 * @param model name of the model or of the offline engine
 * @param fallbackReason why the offline engine replied although there is a model; else {@code null}
 */
public record Turn(
    Message said,
    Message reply,
    Engine engine,
    String model,
    ModelFailure.@Nullable Reason fallbackReason) {}
