package io.mybella.memory.history;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to be remembered.
 *
 * @param content 1 to 32,000 characters
 * @param model what wrote a reply
 * @param tokens what it cost
 * @param clientMessageId the client's own id of it; the same again is the same message
 * @param idempotencyKey names the attempt to store it; the same again is the same message
 * @param inReplyTo the message that this one replies to; each has one reply
 * @param metadata a JSON object of the client
 */
public record NewMessage(
    Role role,
    String content,
    @Nullable String model,
    @Nullable Integer tokens,
    @Nullable String clientMessageId,
    @Nullable String idempotencyKey,
    @Nullable UUID inReplyTo,
    @Nullable String metadata) {}
