package io.mybella.gateway.identity.erasure;

import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the erasure of an account is followed.
 *
 * @param services application names of the services that must answer with a receipt
 * @param tellAgainAfter how long a missing receipt is waited for before the deletion is told again
 * @param overdueAfter the age from which a pending erasure counts as overdue in the metrics
 */
@ConfigurationProperties("mybella.gateway.erasure")
@Validated
record ErasureProperties(
    @DefaultValue({"memory-service", "persona-service", "voice-service"}) @NotEmpty
        List<String> services,
    @DefaultValue("1m") Duration tellAgainAfter,
    @DefaultValue("1h") Duration overdueAfter) {

  /** Copies the list. */
  ErasureProperties {
    services = List.copyOf(services);
  }
}
