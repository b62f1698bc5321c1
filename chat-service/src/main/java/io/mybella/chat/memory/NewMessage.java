package io.mybella.chat.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A message to be remembered.
 *
 * @param role who said it
 * @param content what was said
 * @param clientMessageId storing again under the same id stores nothing new
 * @param model what wrote it, when it is a reply
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewMessage(
    Message.Role role, String content, @Nullable String clientMessageId, @Nullable String model) {}
