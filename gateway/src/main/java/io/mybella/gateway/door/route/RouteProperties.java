package io.mybella.gateway.door.route;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of what is carried to the services.
 *
 * @param connectTimeout how long a connection to a service may take
 * @param poolTimeout how long a request waits for one of the service's connections
 * @param connectionsPerService requests under way to one service; more wait, then get 503
 * @param uploadSilence the longest silence after a request that brought a file along: a picture is
 *     decoded first; counts where it is longer than that of the service
 * @param sendSilence how long a service may take nothing of a request's body
 * @param retryAfter what callers are told when a service is down, and how long a breaker stays open
 * @param persona limits of persona-service
 * @param memory limits of memory-service
 * @param voice limits of voice-service: speech of a long text and cloning take their time
 * @param chat limits of chat-service: a model may think for a while before its first word
 */
@Validated
@ConfigurationProperties("mybella.gateway.route")
record RouteProperties(
    @DefaultValue("1s") Duration connectTimeout,
    @DefaultValue("1s") Duration poolTimeout,
    @Min(1) @DefaultValue("256") int connectionsPerService,
    @DefaultValue("30s") Duration uploadSilence,
    @DefaultValue("30s") Duration sendSilence,
    @DefaultValue("5s") Duration retryAfter,
    @DefaultValue Persona persona,
    @DefaultValue Memory memory,
    @DefaultValue Voice voice,
    @DefaultValue Chat chat) {

  /** What may differ between services. */
  sealed interface Limits {

    /** The longest silence: before the answer begins and between two pieces of it. */
    Duration silence();

    /** The largest request body. */
    DataSize body();
  }

  /**
   * The largest body is a picture of 5 MB and the form around it.
   *
   * @param silence the longest wait for persona-service's answer and between two pieces of it
   * @param body the largest request body for persona-service, which has smaller limits for all that
   *     is no picture
   */
  record Persona(@DefaultValue("5s") Duration silence, @DefaultValue("6MB") DataSize body)
      implements Limits {}

  /**
   * The largest body is a batch of messages.
   *
   * @param silence the longest wait for memory-service's answer and between two pieces of it
   * @param body the largest request body for memory-service, which has smaller limits for all that
   *     is no batch
   */
  record Memory(@DefaultValue("10s") Duration silence, @DefaultValue("8MB") DataSize body)
      implements Limits {}

  /**
   * The largest body is a voice sample of 10 MB and the form around it.
   *
   * @param silence the longest wait for voice-service's answer and between two pieces of it
   * @param body the largest request body for voice-service, which has smaller limits for all that
   *     is no sample
   */
  record Voice(@DefaultValue("60s") Duration silence, @DefaultValue("11MB") DataSize body)
      implements Limits {}

  /**
   * The largest body is one message.
   *
   * @param silence the longest wait for chat-service's answer and between two pieces of it
   * @param body the largest request body for chat-service
   */
  record Chat(@DefaultValue("120s") Duration silence, @DefaultValue("1MB") DataSize body)
      implements Limits {}
}
