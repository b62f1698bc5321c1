package io.mybella.chat.model;

import io.mybella.chat.memory.Context.Preference;
import io.mybella.chat.memory.Message;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.prompt.Prompt;
import io.mybella.model.ModelMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes of a prompt what a model is given. */
final class PromptMessages {

  private PromptMessages() {}

  /** The instructions, the history, what is recalled, and what was said. */
  static List<ModelMessage> of(Prompt prompt) {
    var messages = new ArrayList<ModelMessage>();
    messages.add(ModelMessage.instructions(instructions(prompt)));
    for (Message message : prompt.history()) {
      messages.add(new ModelMessage(role(message.role()), message.content()));
    }
    if (!prompt.memory().recalled().isEmpty()) {
      messages.add(ModelMessage.instructions(recalled(prompt.memory().recalled())));
    }
    messages.add(ModelMessage.said(prompt.said()));
    return messages;
  }

  /** After the history: what comes before it stays the same, and a provider's cache of it holds. */
  private static String recalled(List<Message> messages) {
    var text = new StringBuilder("What was said earlier and may bear on what comes now:\n");
    for (Message recalled : messages) {
      text.append("Earlier (")
          .append(recalled.createdAt())
          .append(") ")
          .append(recalled.role() == Message.Role.ASSISTANT ? "you" : "the user")
          .append(" said: ")
          .append(recalled.content())
          .append('\n');
    }
    return text.toString();
  }

  private static ModelMessage.Role role(Message.Role role) {
    return switch (role) {
      case USER -> ModelMessage.Role.USER;
      case ASSISTANT -> ModelMessage.Role.ASSISTANT;
      case SYSTEM -> ModelMessage.Role.SYSTEM;
    };
  }

  private static String instructions(Prompt prompt) {
    Persona persona = prompt.persona();
    var text = new StringBuilder();
    text.append("You are ").append(persona.displayName()).append(", a companion in a chat.\n");
    about(text, "About you", persona.description());
    about(text, "Your traits", persona.personalityTraits());
    about(text, "How you speak", persona.communicationStyle());
    about(text, "Your motto", persona.tagline());
    text.append(
        """
        Stay in character. Answer in the language of the user, in the length of a chat message.
        Say that you are an AI when you are sincerely asked. Use only what you were told here;
        do not invent memories.
        """);
    about(text, "What was talked about before", prompt.memory().summary());
    for (Preference preference : prompt.memory().preferences()) {
      text.append("You know about the user: ").append(told(preference)).append('\n');
    }
    return text.toString();
  }

  /** A statement in the user's own words says what it is about. */
  private static String told(Preference preference) {
    return preference.category().equals(Preference.STATEMENTS)
        ? '"' + preference.value() + '"'
        : preference.key() + " is " + preference.value();
  }

  private static void about(StringBuilder text, String what, @Nullable String words) {
    if (words != null && !words.isBlank()) {
      text.append(what).append(": ").append(words.strip()).append('\n');
    }
  }
}
