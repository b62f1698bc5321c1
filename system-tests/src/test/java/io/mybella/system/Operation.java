package io.mybella.system;

/**
 * An operation of the HTTP contract.
 *
 * @param path with the names of its variables in braces
 */
record Operation(String method, String path) {

  /** Reads what {@link #toString} writes. */
  static Operation parse(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException("Neither method nor path: " + text);
    }
    return new Operation(words[0], words[1]);
  }

  /** Whether it is about one persona, which the path names. */
  boolean isOfPersona() {
    return path.startsWith("/api/personas/{id}");
  }

  /** Whether it is about one message of a persona's memory. */
  boolean isOfMessage() {
    return path.contains("{message_id}");
  }

  /** Whether it is about one conversation of a persona's memory. */
  boolean isOfConversation() {
    return path.contains("{conversation_id}");
  }

  /** Whether it is about something that a persona has said aloud. */
  boolean isOfSpeech() {
    return path.contains("{speech_id}");
  }

  /** Whether it is about one job that a persona speaks. */
  boolean isOfSpeechJob() {
    return path.contains("{job_id}");
  }

  /** Whether it leaves everything as it was, whoever asks. */
  boolean isRead() {
    return method.equals("GET");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
