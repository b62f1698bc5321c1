package io.mybella.voice.inspection;

/** A file is not what it pretends to be. The message is for logs and tests, never for a user. */
public final class MalformedSoundException extends Exception {

  /** Says what is wrong. */
  public MalformedSoundException(String message) {
    super(message);
  }
}
