package io.mybella.voice.engine;

import io.mybella.voice.audio.Pcm;
import java.io.IOException;

/**
 * A program or library that says text aloud on this machine. One is chosen by {@code
 * mybella.voice.engine.kind}.
 *
 * <p>Implementations are called by several threads at once.
 */
interface SpeechEngine {

  /**
   * Says a text.
   *
   * @param text one to a few sentences, ending with punctuation
   * @return the sound; empty or silent when the engine has no way to say this text
   * @throws IOException when the engine failed
   */
  Pcm say(String text) throws IOException;
}
