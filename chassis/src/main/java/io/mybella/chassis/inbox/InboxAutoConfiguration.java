package io.mybella.chassis.inbox;

import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives a service with a database its inbox. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
    })
@ConditionalOnClass(JdbcClient.class)
@ConditionalOnBean(JdbcClient.class)
@EnableConfigurationProperties(InboxProperties.class)
@EnableScheduling
class InboxAutoConfiguration {

  @Bean
  Inbox inbox(JdbcClient database, PlatformTransactionManager transactions, Clock clock) {
    return new Inbox(database, new TransactionTemplate(transactions), clock);
  }

  @Bean
  InboxCleanup inboxCleanup(JdbcClient database, InboxProperties properties, Clock clock) {
    return new InboxCleanup(database, properties, clock);
  }
}
