package io.mybella.chat;

import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Message;
import io.mybella.chat.memory.Message.Role;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.prompt.Prompt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Prompts that read like a conversation. */
public final class PromptMother {

  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final List<Message> history = new ArrayList<>();
  private Persona persona = maya();
  private Context memory = new Context(List.of(), null, List.of(), List.of());

  private PromptMother() {}

  public static Persona maya() {
    return new Persona(
        4,
        "Maya",
        "Maya",
        "A wise friend who loves the night sky. She reads a lot.",
        "Calm, Curious, Kind",
        "philosophical",
        "Look up");
  }

  public static Persona coach() {
    return new Persona(42, "coach", "Coach Sam", null, null, "motivating", null);
  }

  public static PromptMother conversation() {
    return new PromptMother();
  }

  public PromptMother with(Persona other) {
    persona = other;
    return this;
  }

  public PromptMother user(String content) {
    return message(Role.USER, content);
  }

  public PromptMother persona(String content) {
    return message(Role.ASSISTANT, content);
  }

  public PromptMother remembering(Context known) {
    memory = known;
    return this;
  }

  public Prompt says(String content) {
    return new Prompt(persona, content, history, memory);
  }

  private PromptMother message(Role role, String content) {
    int number = history.size() + 1;
    history.add(new Message(new UUID(7, number), role, content, START.plusSeconds(number), null));
    return this;
  }
}
