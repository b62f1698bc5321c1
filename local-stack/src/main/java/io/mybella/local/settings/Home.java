package io.mybella.local.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of one stack and what lies where in it.
 *
 * @param folder an absolute path
 */
public record Home(Path folder) {

  /** PostgreSQL's data directory. */
  public Path postgres() {
    return folder.resolve("postgres");
  }

  /** Kafka's data directory. */
  public Path kafka() {
    return folder.resolve("kafka");
  }

  /** Pictures, samples and audio of the services. */
  public Path blobs() {
    return folder.resolve("blobs");
  }

  /** One log per part. */
  public Path logs() {
    return folder.resolve("logs");
  }

  /** Temporary files. */
  public Path scratch() {
    return folder.resolve("tmp");
  }

  /** The temporary files of one part, until its next start. */
  public Path scratch(String part) {
    return scratch().resolve(part);
  }

  /** What runs: process ids and start times. */
  public Path run() {
    return folder.resolve("run");
  }

  /** The passwords that the stack made up. */
  public Path secrets() {
    return folder.resolve("secrets.properties");
  }

  /** The folder of the platform that is run for the start caches, while there is one. */
  public Home training() {
    return new Home(folder.resolve("training"));
  }

  /** The log of one part. */
  public Path log(String part) {
    return logs().resolve(part + ".log");
  }

  /** Creates the folders that parts expect. */
  public void create() throws IOException {
    for (Path needed : new Path[] {folder, blobs(), logs(), run()}) {
      Files.createDirectories(needed);
    }
  }
}
