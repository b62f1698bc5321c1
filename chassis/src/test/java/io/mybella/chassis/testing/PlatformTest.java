package io.mybella.chassis.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * Runs a test against the whole service on a free port, with a fresh database of a real PostgreSQL
 * server and a real Kafka broker, which all tests of a JVM share; without a broker when the service
 * carries no Kafka. Tokens come from {@link TestTokens}; blobs go to a temporary folder.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public @interface PlatformTest {

  /** Prefix of the database roles, such as {@code persona}; empty for a service without one. */
  String database();
}
