package io.mybella.voice.engine;

import java.io.IOException;

/** The default voice has no way to say a text, such as one without letters or in another script. */
public final class UnspeakableTextException extends IOException {

  UnspeakableTextException() {
    super("the default voice cannot say this text");
  }
}
