package io.mybella.voice.recording;

import io.mybella.voice.audio.Listener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A listener who stays. */
public record Ear(long account) implements Listener {

  @Override
  public boolean isGone() {
    return false;
  }

  /** Hears all that is left, and leaves. */
  public static byte[] all(Listening part) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try (part) {
      for (byte[] piece = part.next(); piece != null; piece = part.next()) {
        heard.writeBytes(piece);
      }
    }
    return heard.toByteArray();
  }
}
