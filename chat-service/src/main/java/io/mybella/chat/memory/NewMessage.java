package io.mybella.chat.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewMessage(
    Message.Role role,
    String content,
    @Nullable String clientMessageId,
    @Nullable UUID inReplyTo,
    @Nullable String model,
    @Nullable Integer tokens) {

  /** What the caller says. */
  public static NewMessage said(String content, @Nullable String clientMessageId) {
    return new NewMessage(Message.Role.USER, content, clientMessageId, null, null, null);
  }

  /** What the persona replies to a message. */
  public static NewMessage reply(
      Message to, String content, String model, @Nullable Integer tokens) {
    return new NewMessage(Message.Role.ASSISTANT, content, null, to.id(), model, tokens);
  }
}
