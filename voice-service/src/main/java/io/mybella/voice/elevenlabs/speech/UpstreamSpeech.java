package io.mybella.voice.elevenlabs.speech;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.gate.ElevenLabsGate;
import io.mybella.voice.elevenlabs.gate.SpeechSlots;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A speech that has begun, the slot it holds, and the gate that hears of it when it breaks off. */
final class UpstreamSpeech implements AudioSource {

  private final SpeechStream stream;
  private final ElevenLabsGate gate;
  private final SpeechSlots.Slot slot;

  UpstreamSpeech(SpeechStream stream, ElevenLabsGate gate, SpeechSlots.Slot slot) {
    this.stream = stream;
    this.gate = gate;
    this.slot = slot;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
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
      slot.close();
    }
  }
}
