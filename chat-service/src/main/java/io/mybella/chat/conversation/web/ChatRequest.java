package io.mybella.chat.conversation.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.text.StorableText;
import io.mybella.chat.conversation.Utterance;
import io.mybella.contracts.TextLimits;
import org.jspecify.annotations.Nullable;

/**
 * The body of a chat request.
 *
 * @param content what the caller says
 * @param voice whether the caller wants to hear the reply
 * @param clientMessageId the caller's own id of it
 */
record ChatRequest(
    @Nullable String content, @Nullable Boolean voice, @Nullable String clientMessageId) {

  /**
   * What is said.
   *
   * @throws Problem when it is missing or cannot be stored
   */
  Utterance utterance() {
    if (content == null || content.isBlank()) {
      throw invalid("content", "content is required");
    }
    if (content.codePointCount(0, content.length()) > TextLimits.SAID) {
      throw invalid("content", "content may have at most " + TextLimits.SAID + " characters");
    }
    requireText("content", content);
    if (clientMessageId != null) {
      if (clientMessageId.isBlank()
          || clientMessageId.codePointCount(0, clientMessageId.length())
              > TextLimits.CLIENT_MESSAGE_ID) {
        throw invalid("client_message_id", "client_message_id may have 1 to 100 characters");
      }
      requireText("client_message_id", clientMessageId);
    }
    return new Utterance(content, clientMessageId);
  }

  boolean wantsVoice() {
    return Boolean.TRUE.equals(voice);
  }

  private static void requireText(String field, String text) {
    if (!StorableText.isStorable(text)) {
      throw invalid(field, field + " contains characters that are not text");
    }
  }

  private static Problem invalid(String field, String message) {
    return Problem.badRequest(message).withError(field, message);
  }
}
