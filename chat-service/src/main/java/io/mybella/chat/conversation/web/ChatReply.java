package io.mybella.chat.conversation.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mybella.chat.conversation.Turn;
import io.mybella.chat.memory.Message.Role;
import io.mybella.chat.reply.Reply.Engine;
import io.mybella.model.ModelFailure;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reply as the caller sees it: the data of the event {@code reply}, and the whole answer in JSON.
 *
 * @param id id of the stored reply
 * @param messageId id of what it answers
 * @param role always the persona's
 * @param content what the persona says
 * @param createdAt when it was stored
 * @param engine what kind of engine produced it
 * @param model name of the model or of the offline engine
 * @param fallbackReason why the offline engine replied although there is a model
 * @param recalled ids of the older messages that the reply was made with, best first
 * @param audio how to hear it, when the caller asked for that and the answer is JSON
 */
record ChatReply(
    UUID id,
    UUID messageId,
    Role role,
    String content,
    Instant createdAt,
    Engine engine,
    String model,
    ModelFailure.@Nullable Reason fallbackReason,
    List<UUID> recalled,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ChatAudio audio) {

  static ChatReply of(Turn turn, @Nullable ChatAudio audio) {
    return new ChatReply(
        turn.reply().id(),
        turn.said().id(),
        Role.ASSISTANT,
        turn.reply().content(),
        turn.reply().createdAt(),
        turn.engine(),
        turn.model(),
        turn.fallbackReason(),
        turn.recalled(),
        audio);
  }
}
