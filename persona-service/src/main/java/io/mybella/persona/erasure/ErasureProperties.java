package io.mybella.persona.erasure;

import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How an erasure is followed.
 *
 * @param services application names of the services that must answer with a receipt
 * @param tellAgainAfter how long a missing receipt is waited for before the deletion is told again
 * @param overdueAfter the age from which a pending erasure counts as overdue in the metrics
 */
@ConfigurationProperties("mybella.persona.erasure")
@Validated
public record ErasureProperties(
    @DefaultValue({"memory-service", "voice-service"}) @NotEmpty List<String> services,
    @DefaultValue("1m") Duration tellAgainAfter,
    @DefaultValue("1h") Duration overdueAfter) {

  /** Copies the list. */
  public ErasureProperties {
    services = List.copyOf(services);
  }
}
