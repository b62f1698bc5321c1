package io.mybella.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.gateway.account.Accounts;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.session.autoconfigure.SessionProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Session in the gateway's database, cut down to one statement per request. */
@Configuration(proxyBeanMethods = false)
@EnableJdbcHttpSession
class SessionConfiguration {

  /** Says itself how long a session lives: Spring Boot steps aside for the repository below. */
  @Bean
  SessionRepositoryCustomizer<JdbcIndexedSessionRepository> sessionLifetime(
      SessionProperties properties) {
    return repository -> {
      Duration timeout = properties.getTimeout();
      if (timeout != null) {
        repository.setDefaultMaxInactiveInterval(timeout);
      }
    };
  }

  @Bean
  @Primary
  FindByIndexNameSessionRepository<? extends Session> quietSessionRepository(
      JdbcIndexedSessionRepository jdbc, Accounts accounts) {
    FindByIndexNameSessionRepository<? extends Session> sessions = jdbc;
    return quiet(sessions, accounts);
  }

  private static <S extends Session> QuietSessionRepository<S> quiet(
      FindByIndexNameSessionRepository<S> sessions, Accounts accounts) {
    return new QuietSessionRepository<>(sessions, accounts);
  }

  /**
   * Reading a session is one statement and needs no transaction around it. Neither does writing:
   * sessions get their one attribute when they are created and never change it, so a crash between
   * the two inserts leaves a session of nobody.
   */
  @Bean
  TransactionOperations springSessionTransactionOperations() {
    return TransactionOperations.withoutTransaction();
  }

  /** Spring Boot's own steps aside for any {@link TransactionOperations}, such as the above. */
  @Bean
  TransactionTemplate transactionTemplate(PlatformTransactionManager transactions) {
    return new TransactionTemplate(transactions);
  }

  /** Sessions are found by the account they belong to. */
  @Bean
  IndexResolver<Session> springSessionIndexResolver() {
    return session -> {
      SignedIn signedIn = SignedIn.of(session);
      return signedIn == null
          ? Map.of()
          : Map.of(
              FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME,
              Long.toString(signedIn.caller().userId()));
    };
  }

  /** Attributes are text; anything else is refused, so that none is ever deserialized. */
  @Bean
  ConversionService springSessionConversionService() {
    var conversion = new GenericConversionService();
    conversion.addConverter(
        Object.class,
        byte[].class,
        attribute -> {
          if (attribute instanceof String text) {
            return text.getBytes(UTF_8);
          }
          throw new IllegalArgumentException("A session keeps text only");
        });
    conversion.addConverter(byte[].class, Object.class, bytes -> new String(bytes, UTF_8));
    return conversion;
  }
}
