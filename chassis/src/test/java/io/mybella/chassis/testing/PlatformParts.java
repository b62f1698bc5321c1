package io.mybella.chassis.testing;

import io.mybella.local.parts.DatabaseServer;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The database server and the broker of this JVM: started on first use, ended with it. They are
 * those of the local stack, or with {@code -Dtests.database=container} the published images.
 */
public final class PlatformParts {

  private static final boolean CONTAINERS =
      "container".equals(System.getProperty("tests.database"));

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private PlatformParts() {}

  /** The PostgreSQL server. */
  public static DatabaseServer postgres() {
    return Postgres.RUNNING;
  }

  /** Where the Kafka broker is: {@code host:port}. */
  public static String kafka() {
    return Kafka.BOOTSTRAP_SERVERS;
  }

  /**
   * A new, empty database.
   *
   * @param prefix of the roles {@code <prefix>_owner} and {@code <prefix>_app}
   */
  public static PostgresPart.Database freshDatabase(String prefix) {
    return postgres().database(prefix + "_test_" + DATABASES.incrementAndGet(), prefix);
  }

  private static final class Postgres {
    private static final DatabaseServer RUNNING =
        CONTAINERS
            ? ContainerParts.postgres()
            : untilTheEnd(PostgresPart.start(PostgresPart.Options.temporary()));
  }

  private static final class Kafka {
    private static final String BOOTSTRAP_SERVERS =
        CONTAINERS
            ? ContainerParts.kafka()
            : untilTheEnd(KafkaPart.start(KafkaPart.Options.temporary())).bootstrapServers();
  }

  /** Has a part end with this JVM. */
  static <T extends AutoCloseable> T untilTheEnd(T part) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    part.close();
                  } catch (Exception failed) {
                    throw new IllegalStateException("A part did not end", failed);
                  }
                }));
    return part;
  }
}
