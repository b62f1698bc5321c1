package io.mybella.voice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the voice service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class VoiceServiceApplication {

  /** Runs until the process is told to stop. */
  public static void main(String[] args) {
    SpringApplication.run(VoiceServiceApplication.class, args);
  }
}
