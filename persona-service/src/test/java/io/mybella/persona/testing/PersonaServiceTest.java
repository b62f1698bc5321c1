package io.mybella.persona.testing;

import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** A test of the whole service on real PostgreSQL and Kafka. All share one running service. */
@PlatformTest(database = "persona")
public abstract class PersonaServiceTest {

  @LocalServerPort private int port;
  @Autowired private Environment environment;

  /** The database as the service's own role sees it. */
  @Autowired protected JdbcTemplate database;

  protected PersonaApi newUser() {
    return PersonaApi.newUser(port);
  }

  protected PersonaApi admin() {
    return PersonaApi.admin(port);
  }

  protected PersonaApi anonymous() {
    return PersonaApi.anonymous(port);
  }

  protected KafkaProbe probe(String... topics) {
    return KafkaProbe.on(environment.getRequiredProperty("spring.kafka.bootstrap-servers"), topics);
  }
}
