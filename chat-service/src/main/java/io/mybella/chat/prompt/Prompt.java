package io.mybella.chat.prompt;

import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Message;
import io.mybella.chat.persona.Persona;
import java.util.List;

/**
 * What a reply is made of.
 *
 * @param persona who replies
 * @param said what the caller said now
 * @param history the recent messages before it, oldest first
 * @param memory what else the persona remembers of the caller; its messages are not read
 */
public record Prompt(Persona persona, String said, List<Message> history, Context memory) {

  /** Copies the history. */
  public Prompt {
    history = List.copyOf(history);
  }
}
