package io.mybella.chat.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to be remembered.
 *
 * @param role who said it
 * @param content what was said
 * @param clientMessageId storing again under the same id stores nothing new
 * @param inReplyTo what it replies to: storing another reply stores nothing new
 * @param model what wrote it, when it is a reply
 * @param tokens what it cost; {@code null} when that is not known
 * @param metadata what is kept with it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewMessage(
    Message.Role role,
    String content,
    @Nullable String clientMessageId,
    @Nullable UUID inReplyTo,
    @Nullable String model,
    @Nullable Integer tokens,
    @Nullable Metadata metadata) {

  /**
   * What is kept with a reply.
   *
   * @param recalled ids of the older messages that it was made with; they may be gone by now
   */
  public record Metadata(List<UUID> recalled) {}

  /** What the caller says. */
  public static NewMessage said(String content, @Nullable String clientMessageId) {
    return new NewMessage(Message.Role.USER, content, clientMessageId, null, null, null, null);
  }

  /** What the persona replies to a message. */
  public static NewMessage reply(
      Message to, String content, String model, @Nullable Integer tokens, List<UUID> recalled) {
    return new NewMessage(
        Message.Role.ASSISTANT,
        content,
        null,
        to.id(),
        model,
        tokens,
        recalled.isEmpty() ? null : new Metadata(recalled));
  }
}
