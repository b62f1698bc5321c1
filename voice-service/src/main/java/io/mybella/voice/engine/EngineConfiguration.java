package io.mybella.voice.engine;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses the engine of the default voice by setting, and says when it is warmed. */
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

  /** The load is that of the machine, or of the container where it has processors of its own. */
  @Bean
  VoiceWarmUp voiceWarmUp(SystemVoice voice, EngineProperties properties) {
    var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new VoiceWarmUp(voice, properties.warmUp(), machine::getCpuLoad);
  }
}
