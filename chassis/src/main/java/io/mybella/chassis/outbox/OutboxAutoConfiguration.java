package io.mybella.chassis.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.id.IdGenerator;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Gives a service with a database its outbox and the relay that empties it. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
      "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration"
    })
@ConditionalOnClass({JdbcClient.class, KafkaTemplate.class})
@ConditionalOnBean(JdbcClient.class)
@EnableConfigurationProperties(OutboxProperties.class)
class OutboxAutoConfiguration {

  @Bean
  Outbox outbox(
      JdbcClient database,
      JsonMapper json,
      IdGenerator ids,
      Clock clock,
      Environment environment,
      ObjectProvider<OutboxRelay> relay) {
    String source = environment.getRequiredProperty("spring.application.name");
    return new Outbox(
        database, json, ids, clock, source, topic -> relay.ifAvailable(each -> each.wake(topic)));
  }

  @Bean
  OutboxMetrics outboxMetrics(MeterRegistry meters, JdbcClient database) {
    return new OutboxMetrics(meters, database);
  }

  @Bean
  @ConditionalOnProperty(
      name = "mybella.outbox.enabled",
      havingValue = "true",
      matchIfMissing = true)
  OutboxRelay outboxRelay(
      JdbcClient database,
      PlatformTransactionManager transactions,
      KafkaTemplate<String, byte[]> kafka,
      OutboxProperties properties,
      OutboxMetrics metrics) {
    return new OutboxRelay(
        database, new TransactionTemplate(transactions), kafka, properties, metrics);
  }
}
