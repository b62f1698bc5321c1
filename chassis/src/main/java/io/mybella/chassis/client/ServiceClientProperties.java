package io.mybella.chassis.client;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of calls between services.
 *
 * @param connectTimeout until a connection stands
 * @param readTimeout until an answer is there
 */
@ConfigurationProperties("mybella.clients")
record ServiceClientProperties(
    @DefaultValue("1s") Duration connectTimeout, @DefaultValue("5s") Duration readTimeout) {}
