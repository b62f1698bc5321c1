package io.mybella.voice.elevenlabs.gate;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import javax.sql.DataSource;

/** The way to a stand-in, without a context around it. */
public final class OpenGate {

  private OpenGate() {}

  /** A gate with a breaker of its own. */
  public static ElevenLabsGate of(
      ElevenLabsProperties properties, CircuitBreakerRegistry breakers) {
    return new ElevenLabsGate(properties, breakers);
  }

  /** The slots as one more instance sees them. */
  public static SpeechSlots slots(DataSource source, ElevenLabsProperties properties) {
    return new SpeechSlots(
        properties, new SpeechSlotTable(source, properties), new SimpleMeterRegistry());
  }
}
