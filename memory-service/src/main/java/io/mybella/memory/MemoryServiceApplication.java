package io.mybella.memory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Keeps what each persona remembers of each user, and forgets it for good when it must. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class MemoryServiceApplication {

  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(MemoryServiceApplication.class, args);
  }
}
