package io.mybella.voice.engine;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Chooses the engine of the default voice by setting, and warms it once the service is ready. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

  @Bean
  SystemVoice systemVoice(EngineProperties properties, MeterRegistry metrics) {
    SpeechEngine engine =
        switch (properties.kind()) {
          case MARYTTS -> new MaryEngine(properties.voice());
          case COMMAND -> new CommandEngine(properties.command(), properties.commandTimeout());
        };
    return new SystemVoice(engine, properties, metrics);
  }

  @Bean
  VoiceWarmUp voiceWarmUp(SystemVoice voice) {
    return new VoiceWarmUp(voice);
  }

  /** Waits for readiness first: loading the models takes processor time that the start needs. */
  record VoiceWarmUp(SystemVoice voice) {

    @EventListener(ApplicationReadyEvent.class)
    void warm() {
      voice.warm();
    }
  }
}
