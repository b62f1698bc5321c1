package io.mybella.chat.conversation;

import io.mybella.chat.memory.Message;

/** Follows a turn while it is taken. What it throws ends the turn. */
public interface TurnListener {

  /** What the caller said is stored. */
  void remembered(Message said);

  /** The reply goes on with these words. */
  void piece(String text);
}
