package io.mybella.voice.elevenlabs;

import java.io.IOException;

/** ElevenLabs did not do what it was asked for. Carries neither key nor text. */
public final class ElevenLabsException extends IOException {

  private final transient ElevenLabsFailure failure;

  /** Says why. */
  public ElevenLabsException(ElevenLabsFailure failure) {
    super("ElevenLabs: " + failure.reason());
    this.failure = failure;
  }

  /** Why. */
  public ElevenLabsFailure failure() {
    return failure;
  }
}
