package io.mybella.model;

import java.util.List;

/**
 * What a model is asked.
 *
 * @param messages what it is given, oldest first
 * @param json whether the answer is to be an object of JSON, which the instructions must say, too.
 *     Not every server holds its model to it: whoever reads the answer has to see for themselves
 * @param maxCharacters where the answer is ended, whatever the model has to say: 1 or more
 */
public record ModelRequest(List<ModelMessage> messages, boolean json, int maxCharacters) {

  /**
   * A request.
   *
   * @throws IllegalArgumentException without a message, or without room for an answer
   */
  public ModelRequest {
    messages = List.copyOf(messages);
    if (messages.isEmpty() || maxCharacters < 1) {
      throw new IllegalArgumentException("Nothing is asked, or nothing may be answered");
    }
  }

  /** A request for words. */
  public static ModelRequest forText(List<ModelMessage> messages, int maxCharacters) {
    return new ModelRequest(messages, false, maxCharacters);
  }

  /** A request for an object of JSON. */
  public static ModelRequest forJson(List<ModelMessage> messages, int maxCharacters) {
    return new ModelRequest(messages, true, maxCharacters);
  }
}
