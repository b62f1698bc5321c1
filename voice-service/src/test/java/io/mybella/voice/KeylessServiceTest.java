package io.mybella.voice;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service without a key, beside a persona-service that answers as a test tells it to. */
public abstract class KeylessServiceTest extends VoiceServiceTest {

  static final FakePersonaService PERSONA_SERVICE = new FakePersonaService();

  @DynamicPropertySource
  static void neighbours(DynamicPropertyRegistry registry) {
    registry.add("mybella.services.persona-url", PERSONA_SERVICE::baseUrl);
    // The same on a machine with it and on one without.
    registry.add("mybella.voice.ffmpeg.program", () -> "off");
  }
}
