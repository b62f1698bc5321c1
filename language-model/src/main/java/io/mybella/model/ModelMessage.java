package io.mybella.model;

import java.util.Locale;

/**
 * One message of what a model is given.
 *
 * @param role who speaks
 * @param content what is said
 */
public record ModelMessage(Role role, String content) {

  /** Who speaks in a message. */
  public enum Role {
    /** Whoever runs the model: its instructions. */
    SYSTEM,
    /** The one the model answers. */
    USER,
    /** The model. */
    ASSISTANT;

    /** As the protocol writes it. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the model is told about its part. */
  public static ModelMessage instructions(String content) {
    return new ModelMessage(Role.SYSTEM, content);
  }

  /** What the model is to answer. */
  public static ModelMessage said(String content) {
    return new ModelMessage(Role.USER, content);
  }
}
