package io.mybella.chassis.testing;

import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import java.util.concurrent.atomic.AtomicInteger;

/** The database server and the broker of this JVM: started on first use, ended with it. */
public final class PlatformParts {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private PlatformParts() {}

  /** The PostgreSQL server. */
  public static PostgresPart postgres() {
    return Postgres.RUNNING;
  }

  /** The Kafka broker. */
  public static KafkaPart kafka() {
    return Kafka.RUNNING;
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
    private static final PostgresPart RUNNING =
        untilTheEnd(PostgresPart.start(PostgresPart.Options.temporary()));
  }

  private static final class Kafka {
    private static final KafkaPart RUNNING =
        untilTheEnd(KafkaPart.start(KafkaPart.Options.temporary()));
  }

  private static <T extends AutoCloseable> T untilTheEnd(T part) {
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
