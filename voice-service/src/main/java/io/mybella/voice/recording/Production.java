package io.mybella.voice.recording;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import java.io.IOException;

/** How a speech is made, once for all who listen. */
@FunctionalInterface
public interface Production {

  /**
   * Has the voice speak.
   *
   * @param audience all who listen, together: gone when the last of them has left
   * @throws IOException when the voice cannot speak
   */
  AudioSource open(Listener audience) throws IOException;
}
