package io.mybella.voice.sample;

/** A file is not what it pretends to be. The message is for logs and tests, never for a user. */
final class MalformedSoundException extends Exception {

  MalformedSoundException(String message) {
    super(message);
  }
}
