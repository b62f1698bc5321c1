package io.mybella.voice.elevenlabs.speech;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.gate.ElevenLabsGate;
import io.mybella.voice.elevenlabs.gate.SpeechSlots;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A speech that has begun, the slot it holds, and the gate that hears of it when it breaks off. A
 * text that is too long for one request is said in several, one after the other.
 */
final class UpstreamSpeech implements AudioSource {

  private final Deque<String> rest;
  private final Opener opener;
  private final ElevenLabsGate gate;
  private final SpeechSlots.Slot slot;
  private SpeechStream stream;
  private boolean isOver;

  /** Begins to say the next part of a text. */
  @FunctionalInterface
  interface Opener {
    SpeechStream begin(String part) throws IOException;
  }

  /**
   * @param first has begun
   * @param rest what is to be said after it
   */
  UpstreamSpeech(
      SpeechStream first,
      List<String> rest,
      Opener opener,
      ElevenLabsGate gate,
      SpeechSlots.Slot slot) {
    this.stream = first;
    this.rest = new ArrayDeque<>(rest);
    this.opener = opener;
    this.gate = gate;
    this.slot = slot;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] piece = heard();
    while (piece == null && !rest.isEmpty()) {
      stream.close();
      stream = opener.begin(rest.remove());
      piece = heard();
    }
    isOver = piece == null;
    return piece;
  }

  private byte @Nullable [] heard() throws IOException {
    try {
      return stream.next();
    } catch (ElevenLabsException e) {
      gate.brokeOff(e);
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } finally {
      if (isOver) {
        slot.close();
      } else {
        slot.abandon();
      }
    }
  }
}
