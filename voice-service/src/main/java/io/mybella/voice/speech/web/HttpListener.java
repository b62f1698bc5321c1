package io.mybella.voice.speech.web;

import io.mybella.chassis.security.Caller;
import io.mybella.voice.audio.Listener;
import jakarta.servlet.http.HttpServletRequest;

/** Who waits for the answer to a request. */
record HttpListener(Caller caller, HttpServletRequest request) implements Listener {

  @Override
  public long account() {
    return caller.userId();
  }

  @Override
  public boolean isGone() {
    return CallerConnections.isGone(request);
  }
}
