package io.mybella.chassis.inbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long handled events are remembered.
 *
 * @param retention longer than a broker redelivers; an event replayed after that is caught by the
 *     versions of aggregates
 */
@ConfigurationProperties("mybella.inbox")
record InboxProperties(@DefaultValue("14d") Duration retention) {}
