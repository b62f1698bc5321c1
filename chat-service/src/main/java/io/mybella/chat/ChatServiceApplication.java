package io.mybella.chat;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts chat-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ChatServiceApplication {

  /** Starts the service with Spring Boot's arguments. */
  public static void main(String[] args) {
    SpringApplication.run(ChatServiceApplication.class, args);
  }
}
