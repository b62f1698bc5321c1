package io.mybella.voice.speech.web;

import java.io.IOException;

/** A voice fell silent in the middle: the answer has begun, so it can only be cut off. */
final class BrokenSpeechException extends IOException {

  BrokenSpeechException(IOException cause) {
    super("the speech broke off", cause);
  }
}
