package io.mybella.persona;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts persona-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class PersonaServiceApplication {

  /** Runs the service until it is told to stop. */
  public static void main(String[] args) {
    SpringApplication.run(PersonaServiceApplication.class, args);
  }
}
