package io.mybella.model;

import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Hands an answer on: storable, without blank pieces before the first word, bounded. */
final class Delivery {

  private final int limit;
  private final Consumer<String> pieces;
  private final TextMender mender = new TextMender();
  private int delivered;
  private boolean thinks;
  private String finishReason = "";
  private Usage usage = Usage.UNKNOWN;

  /**
   * A delivery.
   *
   * @param limit in characters
   * @param pieces is handed the pieces, none of them empty
   */
  Delivery(int limit, Consumer<String> pieces) {
    this.limit = limit;
    this.pieces = pieces;
  }

  /** A message or a part of one: its text, or the text by which the model declines. */
  void take(JsonNode message) {
    if (!text(message, "reasoning_content").isEmpty() || !text(message, "reasoning").isEmpty()) {
      think();
    }
    piece(text(message, "content"));
    piece(text(message, "refusal"));
  }

  private static String text(JsonNode message, String field) {
    JsonNode text = message.path(field);
    return text.isString() ? text.stringValue() : "";
  }

  /** Notes why the model ended, when the choice tells. */
  void finish(JsonNode choice) {
    JsonNode reason = choice.path("finish_reason");
    if (reason.isString()) {
      finishReason = reason.stringValue();
    }
  }

  /** Notes what the answer took, when the whole or a part tells; the last one counts. */
  void count(JsonNode answer) {
    JsonNode told = answer.path("usage");
    if (told.isObject()) {
      usage = Usage.of(told);
    }
  }

  /** The model works before it says its first word; what it thinks is nobody's to see. */
  void think() {
    thinks = true;
  }

  private void piece(String received) {
    String text = mender.next(received);
    if (delivered == 0) {
      text = text.stripLeading();
    }
    if (text.length() > limit - delivered) {
      int end = limit - delivered;
      text =
          end > 0 && Character.isHighSurrogate(text.charAt(end - 1))
              ? text.substring(0, end - 1)
              : text.substring(0, end);
      delivered = limit;
    } else {
      delivered += text.length();
    }
    if (!text.isEmpty()) {
      pieces.accept(text);
    }
  }

  /** Whether the model is known to be at it. */
  boolean isAlive() {
    return thinks || isStarted();
  }

  boolean isStarted() {
    return delivered > 0;
  }

  boolean isFull() {
    return delivered >= limit;
  }

  String finishReason() {
    return finishReason;
  }

  Usage usage() {
    return usage;
  }
}
