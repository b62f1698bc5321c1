package io.mybella.voice.elevenlabs;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Access to ElevenLabs.
 *
 * @param apiKey the key; empty switches ElevenLabs off
 * @param baseUrl where the API is
 * @param model model for speech
 * @param concurrency requests for speech at the same time, of all instances together; 0 is as many
 *     as ElevenLabs says, which is 2 on the free plan
 * @param slotWait how long a request may wait for another to end
 * @param patientSlotWait the same for those who wait longer: jobs, and listeners as long as the
 *     default voice has no time for them either; with slotWait and firstByteTimeout to be below the
 *     silence that the gateway allows, which is 60 seconds
 * @param slotLease how long a killed instance's requests count as under way
 * @param connectTimeout until a connection stands
 * @param firstByteTimeout until the first sound is there, of a custom voice and a preset together,
 *     waits for others to end and repetitions included; later, the default voice speaks
 * @param idleTimeout until the next sound is there, once a voice has started
 * @param speechTimeout until a speech must be over
 * @param callTimeout for everything but speech
 * @param cloneTimeout for making a clone
 */
@Validated
@ConfigurationProperties("mybella.voice.elevenlabs")
public record ElevenLabsProperties(
    @DefaultValue("") String apiKey,
    @DefaultValue("https://api.elevenlabs.io") URI baseUrl,
    @DefaultValue("eleven_flash_v2_5") String model,
    @DefaultValue("0") @Min(0) @Max(1000) int concurrency,
    @DefaultValue("2s") Duration slotWait,
    @DefaultValue("45s") Duration patientSlotWait,
    @DefaultValue("20s") @DurationMin(millis = 100) Duration slotLease,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("4s") Duration firstByteTimeout,
    @DefaultValue("5s") Duration idleTimeout,
    @DefaultValue("2m") Duration speechTimeout,
    @DefaultValue("5s") Duration callTimeout,
    @DefaultValue("60s") Duration cloneTimeout) {

  /** The header that carries the key. */
  public static final String KEY_HEADER = "xi-api-key";

  /** Where the API is, without a slash at its end. */
  public String root() {
    return baseUrl.toString().replaceAll("/+$", "");
  }

  /** Whether there is a key. */
  public boolean hasKey() {
    return !apiKey.isBlank();
  }

  /** Says everything but the key. */
  @Override
  public String toString() {
    return "ElevenLabs[%s, %s, %s]".formatted(baseUrl, model, hasKey() ? "with a key" : "no key");
  }
}
