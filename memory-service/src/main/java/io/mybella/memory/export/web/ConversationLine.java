package io.mybella.memory.export.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mybella.memory.export.ExportedConversation;

/** A line about a conversation. */
record ConversationLine(String type, @JsonUnwrapped ExportedConversation conversation) {

  static ConversationLine of(ExportedConversation conversation) {
    return new ConversationLine("conversation", conversation);
  }
}
