package io.mybella.chat.model;

import io.mybella.chat.memory.Context.Preference;
import io.mybella.chat.memory.Message;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.prompt.Prompt;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts a prompt into the body of a chat completions request. */
final class ChatCompletion {

  private final JsonMapper json;
  private final ModelProperties properties;

  ChatCompletion(JsonMapper json, ModelProperties properties) {
    this.json = json;
    this.properties = properties;
  }

  String body(Prompt prompt, Dialect dialect) {
    ObjectNode body = json.createObjectNode();
    body.put("model", properties.name());
    body.put("stream", dialect.streams());
    if (dialect.bound() != null) {
      body.put(dialect.bound(), properties.maxTokens());
    }
    ArrayNode messages = body.putArray("messages");
    add(messages, "system", instructions(prompt));
    for (Message message : newest(prompt.history())) {
      add(messages, message.role().name().toLowerCase(Locale.ROOT), message.content());
    }
    add(messages, "user", prompt.said());
    return json.writeValueAsString(body);
  }

  /** The newest messages that fit, oldest first. */
  private Deque<Message> newest(List<Message> history) {
    Deque<Message> fitting = new ArrayDeque<>();
    int left = properties.contextCharacters();
    for (Message message : history.reversed()) {
      left -= message.content().length();
      if (left < 0) {
        break;
      }
      fitting.addFirst(message);
    }
    return fitting;
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
      text.append("You know about the user: ")
          .append(preference.key())
          .append(" is ")
          .append(preference.value())
          .append('\n');
    }
    for (Message recalled : prompt.memory().recalled()) {
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

  private static void about(StringBuilder text, String what, @Nullable String words) {
    if (words != null && !words.isBlank()) {
      text.append(what).append(": ").append(words.strip()).append('\n');
    }
  }

  private static void add(ArrayNode messages, String role, String content) {
    messages.addObject().put("role", role).put("content", content);
  }
}
