package io.mybella.operator.importing.delivery;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Who takes over: the platform, or nobody where it is only tried. */
public interface Recipient {

  /**
   * Asks every service whether it lets the importer in, before anything is written.
   *
   * @throws PlatformUnavailable when one does not
   */
  void requireOpenDoors() throws PlatformUnavailable, InterruptedException;

  /**
   * Hands over rows; returns when all are written or refused.
   *
   * @param head what holds for all of them
   * @param rows at most {@value Batch#MOST_ROWS}
   * @return an outcome for each, in their order
   * @throws PlatformUnavailable when the service does not take them in time; those before may be
   *     written, and come again the next time
   */
  List<Outcome> deliver(Endpoint endpoint, Map<String, Object> head, List<Row> rows)
      throws PlatformUnavailable, InterruptedException;

  /**
   * Hands over a file.
   *
   * @param whose the ids in the path, as {@code 3} or {@code 7/12}
   * @param key names it for good
   * @param file a regular file
   */
  Outcome deliver(Endpoint endpoint, String whose, String key, Path file)
      throws PlatformUnavailable, InterruptedException;
}
