package io.mybella.voice.engine;

import io.mybella.voice.audio.Listener;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listener who stays until told to leave. */
record Somebody(long account, AtomicBoolean gone) implements Listener {

  Somebody(long account) {
    this(account, new AtomicBoolean());
  }

  void leave() {
    gone.set(true);
  }

  @Override
  public boolean isGone() {
    return gone.get();
  }
}
