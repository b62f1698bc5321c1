package io.mybella.voice.elevenlabs.gate;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;

/** The way to a stand-in, without a context around it. */
public final class OpenGate {

  private OpenGate() {}

  /** A gate with a breaker of its own. */
  public static ElevenLabsGate of(
      ElevenLabsProperties properties, CircuitBreakerRegistry breakers) {
    return new ElevenLabsGate(properties, breakers);
  }
}
