package io.mybella.chat.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mybella.chat.memory.Message;
import io.mybella.model.ModelFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole reply.
 *
 * @param content what the persona says
 * @param engine what kind of engine produced it
 * @param model name of the model, or of the offline engine
 * @param tokens that the model made for it; {@code null} when nobody counted
 * @param fallbackReason why the offline engine replied although there is a model; else {@code null}
 * @param recalled the older messages that it was made with, beside the recent ones
 */
public record Reply(
    String content,
    Engine engine,
    String model,
    @Nullable Integer tokens,
    ModelFailure.@Nullable Reason fallbackReason,
    List<Message> recalled) {

  /** Copies the list. */
  public Reply {
    recalled = List.copyOf(recalled);
  }

  /** The kinds of engines. */
  public enum Engine {
    /** A language model. */
    @JsonProperty("model")
    MODEL,
    /** Rules. */
    @JsonProperty("offline")
    OFFLINE
  }
}
