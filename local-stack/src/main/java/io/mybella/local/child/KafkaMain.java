package io.mybella.local.child;

import io.mybella.local.parts.KafkaPart;
import java.nio.file.Path;

/** The broker as a program of its own, so that its end takes nothing else with it. */
public final class KafkaMain {

  private KafkaMain() {}

  /**
   * Runs the broker until the process is told to end.
   *
   * @param arguments the data directory and the port
   */
  public static void main(String[] arguments) {
    KafkaPart kafka =
        KafkaPart.start(
            KafkaPart.Options.persistent(Path.of(arguments[0]), Integer.parseInt(arguments[1])));
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-close"));
    kafka.awaitEnd();
  }
}
