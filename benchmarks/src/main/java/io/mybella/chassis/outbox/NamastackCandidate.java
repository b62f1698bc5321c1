package io.mybella.chassis.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.local.parts.PostgresPart;
import io.namastack.outbox.OutboxJacksonAutoConfiguration;
import io.namastack.outbox.config.JdbcOutboxAutoConfiguration;
import io.namastack.outbox.config.JdbcOutboxSchemaAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreInfrastructureAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreMulticasterAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreProcessingAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreSchedulingAutoConfiguration;
import io.namastack.outbox.config.OutboxCoreThreadingAutoConfiguration;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.util.Map;
import java.util.stream.LongStream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Namastack's outbox, set to its best for these figures: it polls every 5 ms and takes all keys at
 * a time, where its defaults are 2 s and 10 keys. A record is done when the broker has it.
 */
final class NamastackCandidate implements Candidate {

  private static final Map<String, Object> SETTINGS =
      Map.of(
          "namastack.outbox.polling.fixed.interval", "5ms",
          "namastack.outbox.polling.batch-size", "1000",
          "namastack.outbox.processing.delete-completed-records", "true",
          "namastack.outbox.processing.executor-core-pool-size", "16",
          "namastack.outbox.processing.executor-max-pool-size", "16",
          "namastack.outbox.instance.rebalance-interval", "1s",
          "spring.main.banner-mode", "off");

  private final HikariDataSource pool;
  private final ConfigurableApplicationContext context;
  private final io.namastack.outbox.Outbox outbox;
  private final TransactionTemplate transactions;

  NamastackCandidate(PostgresPart.Database place, KafkaTemplate<String, byte[]> kafka) {
    // As the owner: the library makes its own tables.
    pool = OwnCandidate.pool(place.jdbcUrl(), place.ownerUser(), place.ownerPassword());
    var application = new SpringApplication(Library.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setDefaultProperties(SETTINGS);
    application.addInitializers(
        prepared -> {
          prepared.getBeanFactory().registerSingleton("dataSource", pool);
          prepared.getBeanFactory().registerSingleton("kafkaTemplate", kafka);
        });
    context = application.run();
    outbox = context.getBean(io.namastack.outbox.Outbox.class);
    transactions = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
  }

  @Override
  public void publish(long number) {
    transactions.executeWithoutResult(_ -> schedule(number));
  }

  private void schedule(long number) {
    Fact fact = Fact.of(number);
    outbox.schedule(fact, fact.key());
  }

  @Override
  public void start() {
    // It polls from the beginning.
  }

  @Override
  public long startWithBacklog(int events) {
    transactions.executeWithoutResult(_ -> LongStream.range(0, events).forEach(this::schedule));
    return System.nanoTime();
  }

  @Override
  public void stop() {
    JdbcClient.create(pool).sql("delete from outbox_record").update();
  }

  @Override
  public void close() {
    context.close();
    pool.close();
  }

  @Override
  public String toString() {
    return "Namastack 1.6.0";
  }

  /** The library's own auto-configuration and what it needs; nothing of the chassis. */
  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    JacksonAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    TaskExecutionAutoConfiguration.class,
    TaskSchedulingAutoConfiguration.class,
    OutboxCoreInfrastructureAutoConfiguration.class,
    OutboxCoreThreadingAutoConfiguration.class,
    OutboxCoreProcessingAutoConfiguration.class,
    OutboxCoreSchedulingAutoConfiguration.class,
    OutboxCoreMulticasterAutoConfiguration.class,
    OutboxJacksonAutoConfiguration.class,
    JdbcOutboxAutoConfiguration.class,
    JdbcOutboxSchemaAutoConfiguration.class
  })
  static class Library {

    @Bean
    OutboxTypedHandler<Fact> toKafka(KafkaTemplate<String, byte[]> kafka) {
      return new ToKafka(kafka);
    }
  }

  /** Typed by name: the library reads the payload's class from it. */
  static final class ToKafka implements OutboxTypedHandler<Fact> {

    private final KafkaTemplate<String, byte[]> kafka;

    ToKafka(KafkaTemplate<String, byte[]> kafka) {
      this.kafka = kafka;
    }

    @Override
    public void handle(Fact fact, OutboxRecordMetadata metadata) {
      kafka
          .send(OutboxBenchmark.TOPIC, fact.key(), JsonMapper.shared().writeValueAsBytes(fact))
          .join();
    }
  }
}
