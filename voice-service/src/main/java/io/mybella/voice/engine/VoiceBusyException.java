package io.mybella.voice.engine;

import java.io.IOException;

/** More is to be said than this machine can say in time; the request may be repeated later. */
public final class VoiceBusyException extends IOException {

  VoiceBusyException(String message) {
    super(message);
  }
}
